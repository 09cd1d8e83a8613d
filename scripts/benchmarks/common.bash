# Shared by the benchmarks: folders of their own, a clock, and rows of the table. Sourced with BIN as the first argument.
# shellcheck shell=bash disable=SC2034
set -euo pipefail
bin=$(cd "${1:?usage: $0 BIN, the folder of the release programs}" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$(mktemp -d "${TMPDIR:-/tmp}/ssmcast-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
export SSMCAST_DIR=$folder/recordings HOME=$folder PATH=$bin:$PATH LC_ALL=C
printf 'PS1="$ "\nunset HISTFILE\n' > "$folder/.bashrc"

# microseconds: the wall clock, without starting a program.
microseconds() { echo "${EPOCHREALTIME/./}"; }

# median FILE: the middle of its numbers.
median() { sort -n "$1" | sed -n "$((($(wc -l < "$1") + 1) / 2))p"; }

# row WHAT MEASURED BAR
row() { printf '| %s | %s | %s |\n' "$1" "$2" "$3"; }

# calculate PROGRAM NAME=VALUE...: an awk expression printed with its format, for example
# calculate 'printf "%.1f MB/s", s / t' s=1000 t=10
calculate() {
  local program=$1 values=()
  shift
  for value in "$@"; do values+=(-v "$value"); done
  awk "${values[@]}" "BEGIN { $program }"
}

# terminal_output MEGABYTES: colored output of an imaginary build, the same in every run.
terminal_output() {
  awk -v want="$(($1 * 1000000))" 'BEGIN {
    srand(7)
    while (size < want) {
      text = sprintf("\033[32m[%6d]\033[0m compiling \033[1msource_%04x.c\033[0m  %5.2f s  %s", ++n, rand() * 65536,
        rand() * 9, substr("the quick brown fox jumps over the lazy dog", 1 + rand() * 20, 24))
      size += length(text) + 2; print text
    } }'
}

# size_row WHAT RECORDING ASK: its size against gzip -9 of the same text.
size_row() {
  local ours theirs
  ours=$(stat -c %s "$2")
  theirs=$(zcat "$2" | gzip -9 | wc -c)
  row "$1, against \`gzip -9\` of its text" \
    "$(calculate 'printf "%+.1f %% (%d KB)", 100 * (a - b) / b, a / 1000' a="$ours" b="$theirs")" "$3"
}
