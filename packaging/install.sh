#!/bin/sh
# Installs this folder's programs, man pages and completions below PREFIX (default /usr/local). No network, no questions.
# usage: ./install.sh [PREFIX]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-/usr/local}
link=$prefix/bin/session-manager-plugin
if [ -L "$link" ]; then
  echo "Replacing the link $link -> $(readlink "$link")" >&2
  rm "$link"
fi
for file in $(cd "$here" && find bin share -type f); do
  mode=644
  case $file in bin/*) mode=755 ;; esac
  install -D -m "$mode" "$here/$file" "$prefix/$file"
done
echo "Installed in $prefix. Next: $prefix/bin/ssmrec doctor" >&2
