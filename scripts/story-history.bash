# shellcheck shell=bash
# Sourced by stories-inside: what an operator does. Past sessions as one long shell history.

tell '## Operator: grep past sessions like a shell history'
as ada
keys '~1' 'tar --zstd -cf /tmp/a.tar /etc/hostname' 'tar --exclude=cache -czf /tmp/b.tar.gz /etc/hostname' 'uptime' 'uptime' 'exit' '~1' |
  at_terminal 'ssmrec start --target web-01 --reason "backups" --quiet' || true
tell 'Which flags did we use with that tool?'
show "ssmplay grep --in commands -o 'tar -.*'"
expect 'tar --zstd'
tell 'What is run most, on that target:'
show 'ssmplay top --target web-01 | head -n 8'
expect uptime
tell 'A colleague is at work right now. Follow what is on the screen; this ends when the session does:'
{ sleep 1; printf 'for n in 1 2 3; do echo step $n; sleep 1; done\r'; sleep 5; printf 'exit\r'; sleep 1; } |
  at_terminal 'ssmrec start --target web-01 --reason "following" --quiet' &
colleague=$!
sleep 3
show 'timeout 30 ssmplay follow $(find /var/log/ssmcast/ada -name "*.cast.gz" | sort | tail -n 1) | tr -d "\r" | tail -n 6'
expect 'step 3'
wait "$colleague" || true
tell 'Years of recordings by other tools become searchable with the rest:'
perform "mkdir -p old && cd old && script -q --log-out typescript --log-timing timing -c 'echo a session of 2019'" > "$story/output" 2>&1
show 'ssmplay import old/typescript'
show "ssmplay grep 'session of 2019'"
expect 'a session of 2019'
as root
