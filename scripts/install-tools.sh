#!/bin/sh
# Installs the programs that the tests use beside Node.js, as far as they are missing: on Debian and its relatives, as root or
# by sudo. Elsewhere it names them and ends with 1.
set -eu

PATH="$PATH:/usr/sbin:/sbin"
missing=''

need() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null || missing="$missing $2"
}

need nginx nginx-light
need setfattr attr
need setcap libcap2-bin
need openssl openssl
need ssh-agent openssh-client
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "The tests need these Debian packages, or what they are called here:$missing" >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
  as_root=''
elif sudo -n true 2>/dev/null; then
  as_root='sudo -n'
else
  echo "The tests need more programs: sudo apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
$as_root apt-get update
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
