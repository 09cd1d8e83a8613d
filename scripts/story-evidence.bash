# shellcheck shell=bash
# Sourced by stories-inside: what a compliance officer does. Installing for everybody, a day of sessions, the proof.

tell '## Evidence: a bastion for a team' \
  '' 'Everybody who opens sessions from this host is to be recorded, whatever tool they use. Recordings are sealed with' \
  'the key of whoever made them, auditors may read them all, and what was typed but not shown is never kept.'

mkdir -p /usr/local/sessionmanagerplugin/bin
printf '#!/bin/sh\necho 1.2.835.0\n' > /usr/local/sessionmanagerplugin/bin/session-manager-plugin
chmod 755 /usr/local/sessionmanagerplugin/bin/session-manager-plugin
ln -sfn /usr/local/sessionmanagerplugin/bin/session-manager-plugin /usr/local/bin/session-manager-plugin
ln -sfn "$checkout/.venv/bin/aws" /usr/local/bin/aws

tell "The package takes the place of AWS's plugin, and gives it back when it is removed:"
show 'dpkg -i /story/ssmcast.deb | grep ^ssmcast'
expect 'now leads to /usr/bin/session-manager-plugin'

for name in ada bob auditor; do useradd -m -s /bin/bash "$name"; done
groupadd auditors
usermod -a -G auditors auditor
tell 'One folder for all users. They may add to it and not list it; the group `auditors` may read it:'
show 'install -d -m 3773 -g auditors /var/log/ssmcast && mkdir -p /etc/ssmcast'
cat > /etc/ssmcast/config.json << 'CONFIG'
{
  "dir": "/var/log/ssmcast/%u",
  "access": "group",
  "signing_key": "~/.config/ssmcast/signing.pem",
  "fail_policy": "strict",
  "input": "masked"
}
CONFIG
chmod 3773 /var/log/ssmcast
show 'cat /etc/ssmcast/config.json'
start_service

for name in ada bob; do
  as "$name"
  perform 'mkdir -p -m 700 ~/.config/ssmcast && ssmrec keygen -o ~/.config/ssmcast/signing.pem' > "$story/output" 2>&1
done
as ada
tell 'Each user makes a key once (`ssmrec keygen`). What is in force, and where it comes from:'
show 'ssmrec config'
expect '/var/log/ssmcast/ada'
show 'ssmrec doctor'
expect '/usr/local/bin/session-manager-plugin'

tell "Ada works as ever, with AWS's own command line:"
printf 'systemctl is-active nginx; echo "checked by $USER"\nexit\n' > "$story/typed"
show "aws ssm start-session --target web-01 --reason 'ticket 4711' < /story/typed" 0
expect 'Starting session with SessionId'

as bob
tell 'Bob runs one command, and it may tell its exit status:'
show "ssmrec start --target db-01 --document-name AWS-StartNonInteractiveCommand --parameters command='ls /srv/backups' --reason 'ticket 4712' --return --quiet" 2
expect 'No such file'

tell 'Somebody opens a port; the bytes are counted and digested, not kept:'
perform 'cd /tmp && echo "hello from the web server" > index.html && exec timeout 60 python3 -m http.server 8099 --bind 127.0.0.1' > /dev/null 2>&1 &
web=$!
for _ in $(seq 200); do curl -s -o /dev/null http://127.0.0.1:8099/ && break; sleep 0.1; done
perform "timeout 40 ssmrec start --target web-01 --document-name AWS-StartPortForwardingSession --parameters portNumber=8099,localPortNumber=18099 --reason 'ticket 4713'" > "$story/port" 2>&1 &
port=$!
for _ in $(seq 100); do grep -qs 'Waiting for connections' "$story/port" && break; sleep 0.1; done
show 'curl -s http://127.0.0.1:18099/'
expect 'hello from the web server'
pkill -INT -f 'portNumber=8099,localPortNumber=18099' || true
wait "$port" || true
kill "$web" 2> /dev/null || true

# One recorder is killed in mid-session, and one meets a full disk.
{ sleep 1; printf 'echo the last words before the power went\r'; sleep 20; } |
  at_terminal 'ssmrec start --target web-01 --reason "ticket 4714" --quiet' &
for _ in $(seq 100); do pgrep -f 'ticket 4714' > /dev/null && break; sleep 0.1; done
sleep 4
pkill -KILL -f 'ssmrec start --target web-01 --reason ticket 4714' || true
tell 'A recorder that is killed loses at most the last second. One that cannot write ends the session, as the policy says:'
mkdir -p /mnt/full
mount -t tmpfs -o size=64k tmpfs /mnt/full
chmod 1777 /mnt/full
printf 'head -c 3000000 /dev/urandom | base64\nexit\n' > "$story/typed"
show "ssmrec start --target local --quiet -o /mnt/full/x.cast.gz < /story/typed > /dev/null" 70
expect 'no space left on device'

as auditor
tell '### The audit' '' 'Who did what today:'
show 'ssmplay ls --since today'
expect 'ticket 4711'
expect 'db-01'
install -m 644 /home/ada/.config/ssmcast/signing.pem.pub /var/log/ssmcast/ada.pub
install -m 644 /home/bob/.config/ssmcast/signing.pem.pub /var/log/ssmcast/bob.pub
tell 'All of it at once, with the public keys that the users handed in. The killed one is named, which is why this exits 1:'
show 'cd /var/log/ssmcast && ssmplay verify --key ada.pub --key bob.pub .' 1 40
expect 'unfinished'
tell 'The same for a program, a line for each recording:'
show 'cd /var/log/ssmcast && ssmplay verify --json --key ada.pub --key bob.pub . | cut -c 1-260' 0 12
tell 'What went through the port that bob opened:'
show 'ssmplay show $(ssmplay ls --reason 4713 | cut -f 8) | grep -A 1 ports'
expect 'received'
session=$(perform 'ssmplay ls --reason 4711 | cut -f 8') file=$(perform 'ssmplay ls --reason 4711 | cut -f 11')
tell 'One page for people who have no terminal, with player, transcript, metadata and verdict:'
show "ssmplay export --to html $session -o evidence.html && ls -l evidence.html"
tell 'One recording for people who have nothing but gzip. It is text in twenty years, too:'
show "gzip -t $file && zcat $file | head -n 5 | cut -c 1-200"
tell 'And if anybody changes one byte of it:'
show "cp $file copy.cast.gz && ssmplay verify --key /var/log/ssmcast/ada.pub copy.cast.gz"
show 'printf x | dd of=copy.cast.gz bs=1 seek=400 conv=notrunc status=none; ssmplay verify --key /var/log/ssmcast/ada.pub copy.cast.gz' 1
as root
