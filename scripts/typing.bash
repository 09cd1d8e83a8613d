# shellcheck shell=bash
# Sourced by demo and make-samples: a scripted person at a terminal that ssmrec records.

# pause SECONDS
pause() { sleep "$1"; }

# keys TEXT: types it at a person's speed; \177 is backspace, \r Return, \e Escape (printf's escapes).
keys() {
  local text index
  printf -v text '%b' "$1"
  for ((index = 0; index < ${#text}; index++)); do
    printf '%s' "${text:index:1}"
    sleep "${KEY_DELAY:-0.04}"
  done
}

# line TEXT [SECONDS]: types it and Return, then waits for what it does.
line() {
  keys "$1\r"
  pause "${2:-0.5}"
}

# resize COLUMNS ROWS: gives the recorded terminal another size, as dragging a window's corner would.
resize() { stty -F "$(cat "$stage/tty")" cols "$1" rows "$2"; }

# prepare_stage: a home folder whose shells start quickly and look the same everywhere; sets $stage.
prepare_stage() {
  stage=$(mktemp -d "${TMPDIR:-/tmp}/$1.XXXXXX")
  mkdir -p "$stage/home"
  cat > "$stage/home/.bashrc" << 'RC'
PS1='\[\e[1;32m\]demo\[\e[0m\]:\[\e[1;34m\]\W\[\e[0m\]\$ '
unset HISTFILE
RC
  printf 'PS1="demo:%%1~%%# "\n' > "$stage/home/.zshrc"
}

# record COLUMNS ROWS COMMAND...: runs COMMAND (ssmrec start …) on a pty of that size; its keys come from
# standard input. The shell it records gets $stage/home as its home.
record() {
  local columns=$1 rows=$2 command
  shift 2
  printf -v command '%q ' "$@"
  command="tty > $(printf %q "$stage/tty"); stty cols $columns rows $rows; exec $command"
  HOME=$stage/home LANG=C.UTF-8 TERM=xterm-256color SHELL=/bin/bash script -qefc "$command" /dev/null
}
