#!/usr/bin/env bash
# What the scripts of tools/ share: the programs' folder, counting, and the line that each tool ends with.
#
# A script sources this file, calls `checked` for each file that its tool read and `finding` for each complaint, and ends with
# `report NAME VERSION`. Findings go to standard output, one or more lines each.
set -euo pipefail
# A command that fails inside $(…) fails the script, too.
shopt -s inherit_errexit

conformance=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# Everything that was installed or built for conformance lives here, outside of the git tree.
CONFORMANCE_HOME=${CONFORMANCE_HOME:-$(dirname -- "$conformance")/target/conformance}
export CONFORMANCE_HOME
PATH=$CONFORMANCE_HOME/bin:$CONFORMANCE_HOME/venv/bin:$PATH
export PATH

files=0
findings=0

# need PROGRAM...: a program that is not installed fails the tool; nothing is ever skipped.
need() {
	local program
	for program in "$@"; do
		if ! command -v "$program" >/dev/null; then
			echo "$(basename -- "$0"): $program is not installed; run conformance/install" >&2
			exit 2
		fi
	done
}

# checked [COUNT]: one file, or COUNT, was read by the tool.
checked() {
	files=$((files + ${1:-1}))
}

# finding TEXT: one complaint.
finding() {
	findings=$((findings + 1))
	printf '%s\n' "$1"
}

# lines_are_findings WHERE COMMAND...: runs a tool that prints one line a finding; a failure without a line is a finding too.
lines_are_findings() {
	local where=$1 output status=0 line
	shift
	output=$("$@" 2>&1) || status=$?
	if [[ -n $output ]]; then
		while IFS= read -r line; do
			finding "$where: $line"
		done <<<"$output"
	elif [[ $status -ne 0 ]]; then
		finding "$where: $1 exited with $status"
	fi
}

# failure_is_finding WHERE COMMAND...: runs a tool whose exit status counts; what it printed is shown when it failed.
failure_is_finding() {
	local where=$1 output status=0
	shift
	output=$("$@" 2>&1) || status=$?
	if [[ $status -ne 0 ]]; then
		finding "$where: $output"
	fi
}

# report NAME VERSION: the tool's line. A tool that read no file has proven nothing and fails.
report() {
	printf '%s %s: %d files checked, %d findings\n' "$1" "$2" "$files" "$findings"
	if [[ $files -eq 0 ]]; then
		echo "$1 found nothing to check" >&2
		exit 1
	fi
	[[ $findings -eq 0 ]]
}

# at TREE FILE: the file as a finding names it, such as `orders/k8s/base/service.yaml`.
at() {
	printf '%s/%s' "$(basename -- "$1")" "${2#"$1"/}"
}

# release_of TREE: the folder with the tree's manifests as they are applied (see helpers/release.py), made when missing.
release_of() {
	local folder=${1%/}.release
	if [[ ! -e $folder/complete ]]; then
		python3 "$conformance/helpers/release.py" "$1" "$folder" >&2
	fi
	printf '%s\n' "$folder"
}

# module_version PROGRAM: the version of the Go module that the program was built from.
module_version() {
	go version -m "$(command -v "$1")" | awk '$1 == "mod" { print $3 }'
}

# scripts_of TREE: the tree's shell scripts, by name or by first line.
scripts_of() {
	{
		find "$1" -type f -name '*.sh'
		find "$1" -type f -not -path '*/.git/*' -exec awk 'FNR == 1 { if (/^#!.*[\/ ](ba)?sh$/) print FILENAME; nextfile }' {} +
	} | sort -u
}
