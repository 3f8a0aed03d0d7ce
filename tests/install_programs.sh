#!/bin/sh
# Install the programs that the tests drive, where this user may, and name those that could not be had.
# A missing one ends nothing here: its tests say so (and fail in CI).
set -u

have() { command -v "$1" >/dev/null 2>&1; }
have_browser() { have chromium || have chromium-browser || have google-chrome; }
have_server() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb; }
have_poppler() { have pdftotext && have pdftoppm; }
have_chinese() { have fc-list && fc-list :lang=zh | grep -q .; }

missing() {
    have_browser || echo chromium
    have_server || echo postgresql
    have_poppler || echo poppler-utils
    have_chinese || echo "fontconfig fonts-wqy-zenhei"
}

wanted=$(missing)
[ -z "$wanted" ] && exit 0

if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
if have apt-get && { [ -z "$as_root" ] || sudo -n true 2>/dev/null; }; then
    echo "Installing for the tests:" $wanted
    $as_root apt-get update -qq >/dev/null || echo "apt-get update failed; trying with the lists that are here"
    for package in $wanted; do
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            "$package" >/dev/null || echo "apt-get could not install $package"
    done
fi

wanted=$(missing)
[ -z "$wanted" ] || echo "NOT HERE, and their tests cannot run:" $wanted "(install by hand)"
exit 0
