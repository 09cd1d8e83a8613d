# shellcheck shell=bash
# Sourced by stories-inside: what a responder does. Something is gone, and a session of last night knows how.

mkdir -p /srv/releases/2026-11 /srv/releases/2026-10
touch /srv/releases/2026-11/app.tar /srv/releases/2026-10/app.tar
chown -R ssm-user: /srv/releases

# The night before: a typo taken back, a password, a folder too many.
as bob
keys '~1' 'cd /srv/releases && ls' 'rm -rf 2026-12\x7f0/old 2026-11' 'ls' \
  'read -s -p "Password: " p; echo' 'correct-horse-battery' 'echo done; false' 'exit' '~1' |
  at_terminal 'ssmrec start --target db-01 --reason "nightly clean-up" --quiet' || true

as auditor
tell '## Incident: who deleted the release' \
  '' 'On db-01 `/srv/releases/2026-11` is gone. Which sessions were there, and which of them showed that path?'
show 'ssmplay ls --target db-01 --since yesterday'
expect 'nightly clean-up'
show "ssmplay grep --since yesterday '2026-11'"
expect 'rm -rf'
hit=$(perform "ssmplay grep -m 1 'rm -rf 2026-10/old 2026-11' | head -n 1 | sed 's/\(@[0-9.]*\):.*/\1/'")
tell 'What was typed, as it stood when Return was pressed (he had corrected himself), and in brackets the exit status where it was not 0: this shell
has prompt marks (OSC 133).'
show "ssmplay commands ${hit%@*}"
expect 'rm -rf 2026-10/old 2026-11'
expect '[1]'
tell 'The screen at that moment; `ssmplay play FILE@TIME` opens the player there, with `.` and `,` to step:'
show "ssmplay screen ${hit}"
tell 'A copy for the case file, checked. In the player he pauses, steps back and forth with `,` and `.`, and marks two moments with `m`:'
show "cp ${hit%@*} case.cast.gz && ssmplay verify case.cast.gz"
{
  # Space pauses; `:` goes to a time; `m` asks for a label; `q` leaves.
  for key in ' ' ',' ',' '.' '.' 'm' 'deleted\r' ':' 'end\r' 'm' 'left\r' 'q'; do
    printf '%b' "$key"
    sleep 0.5
  done
} | at_terminal "ssmplay play case.cast.gz@${hit##*@}"
show 'cat case.cast.gz.markers'
expect deleted
expect left
tell 'Marks are moments for every command, and the recording itself is as it was:'
show 'ssmplay screen case.cast.gz@marker:left | head -n 5 && ssmplay verify case.cast.gz'
expect intact
tell 'The password typed a moment later is nowhere, not on the screen and not in the file:'
show "ssmplay grep -e correct-horse --in screen --in input ${hit%@*}" 1
show "zcat ${hit%@*} | grep -c correct-horse" 1
expect 0
tell 'What stands in its place:'
show "zcat ${hit%@*} | grep withheld"
expect Password
tell 'A clip for the ticket, as a picture that moves and as text:'
show 'ssmplay export --to svg --from marker:deleted --until marker:left -o clip.svg case.cast.gz && ls -l clip.svg'
show 'ssmplay screen --svg case.cast.gz@marker:deleted > screen.svg && head -c 120 screen.svg'
install -m 644 /home/auditor/screen.svg "$story/incident-screen.svg"
show 'ssmplay screen case.cast.gz@marker:deleted | head -n 3'
as root
