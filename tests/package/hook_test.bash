#!/usr/bin/env bash
# Commits in a real repository with examples/hook/pre-commit: hook_test.bash HOOK SITE COMMAND_FOLDER
set -euo pipefail

hook=$1 site=$2
export PATH=$3:$PATH
command -v git >/dev/null || { echo 'skipped: no git here' && exit 77; }

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
mkdir "$work/tmp" "$work/home"
export TMPDIR=$work/tmp HOME=$work/home GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_PREFIX
git config --global user.name tester
git config --global user.email tester@example.com
git config --global init.defaultBranch main
git config --global commit.gpgsign false

repository="$work/a repository"
git init --quiet "$repository"
cd "$repository"
mkdir -p 'the site'
cp -r "$site/." 'the site/'
cp "$hook" .git/hooks/pre-commit

count=0
fail() {
    printf 'FAILED: %s\n' "$1"
    cat "$work/log"
    exit 1
}
# accepted WHAT COMMAND...; refused WHAT WORDS COMMAND...
accepted() {
    local -r what=$1
    shift
    "$@" >"$work/log" 2>&1 || fail "$what: refused"
    after "$what"
}
refused() {
    local -r what=$1 words=$2
    shift 2
    if "$@" >"$work/log" 2>&1; then
        fail "$what: accepted"
    fi
    grep -qF -- "$words" "$work/log" || fail "$what: does not say \"$words\""
    after "$what"
}
after() {
    [[ -z $(ls -A "$TMPDIR") ]] || fail "$1: something is left in TMPDIR"
    count=$((count + 1))
}
again() { git reset --quiet --hard; }

git add .
refused 'not set up' 'git config nginx-upstream-lint.conf' git commit -m first
git config nginx-upstream-lint.conf 'the site/other.conf'
refused 'no such main file' 'is not among the files' git commit -m first
git config nginx-upstream-lint.conf 'the site/nginx.conf'
git config nginx-upstream-lint.name etc
refused 'a relative name' "is the folder's name on the host" git commit -m first
git config nginx-upstream-lint.name /etc/nginx
accepted 'a good site' git commit -m first

echo 'sevrer_tokens off;' >'the site/conf.d/typo.conf'
accepted 'broken, but not staged' git commit --allow-empty -m second
git add .
refused 'a staged mistake' 'the site/conf.d/typo.conf:1:1: error: unknown directive "sevrer_tokens"' git commit -m third
echo 'server_tokens off;' >'the site/conf.d/typo.conf'
refused 'mended in the working tree alone' 'unknown directive' git commit -m third
sed -i '/server_tokens/d' 'the site/nginx.conf'
accepted 'commit --all takes the mended file' git commit --all -m third
echo 'bad' >>'the site/conf.d/typo.conf'
refused 'commit PATH' 'unexpected end of file' git commit -m fourth -- 'the site/conf.d/typo.conf'
again

git mv 'the site/snippets/proxy.conf' 'the site/snippets/with blanks.conf'
refused 'a renamed snippet' '/etc/nginx/snippets/proxy.conf" failed (2: No such file or directory)' git commit -m fourth
sed -i 's#snippets/proxy.conf#"snippets/with blanks.conf"#' 'the site/sites/'*.conf
git add .
accepted 'renamed, and its includes too' git commit -m fourth
git rm --quiet --cached 'the site/snippets/fastcgi.conf'
refused 'removed from the index, still in the working tree' 'snippets/fastcgi.conf" failed' git commit -m fifth
again

git checkout --quiet HEAD~1
cd 'the site/sites'
echo '}' >>shop.conf
refused 'in a subfolder, detached' 'unexpected "}"' git commit --all -m fifth
again
cd "$repository"
git checkout --quiet main
git worktree add --quiet "$work/other tree" -b other
cd "$work/other tree"
echo '}' >>'the site/sites/shop.conf'
refused 'in a worktree' 'unexpected "}"' git commit --all -m fifth
again
accepted '--no-verify' git commit --no-verify --allow-empty -m fifth
git config --add nginx-upstream-lint.option --nginx-version=1.26.3
git config --add nginx-upstream-lint.option --fail-on=never
echo '}' >>'the site/sites/shop.conf'
accepted 'options are handed on' git commit --all -m sixth

printf '%d commits judged as they should be\n' "$count"
