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
show 'ssmplay follow $(ssmplay ls --reason following | cut -f 8) | tr -d "\r" | tail -n 6'
expect 'step 3'
wait "$colleague" || true
tell 'Years of recordings by other tools (here of script, sudo and asciinema) become searchable with the rest, at their own times:'
perform 'mkdir -p old/sudo-io/00/00/01 && cd old &&
  script -q --log-out typescript --log-timing typescript.timing -c "echo a session of script" &&
  printf "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1500000000}\n[1,\"o\",\"a session of asciinema\"]\n" > demo.cast &&
  cd sudo-io/00/00/01 && printf "1262304000:ada:root::/dev/pts/1:24:80\n/home/ada\n/usr/bin/id\n" > log &&
  printf "4 0.5 17\n" > timing && printf "a session of sudo" > ttyout && chmod 400 timing' > "$story/output" 2>&1
show 'ssmplay import old/typescript old/demo.cast old/sudo-io/00/00/01'
show 'ssmplay ls --until 2020-01-01'
expect 2010-01-01
expect 2017-07-14
show "ssmplay grep 'session of (script|sudo|asciinema)'"
expect 'a session of sudo'
expect 'a session of asciinema'
expect 'a session of script'
as root
