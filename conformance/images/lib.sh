#!/usr/bin/env bash
# What the scripts about images share: buildah with a storage of its own under CONFORMANCE_HOME.
set -euo pipefail

images_home=${CONFORMANCE_HOME:?}/images

# install_packages: what builds and runs images, from Debian, if it is not there.
install_packages() {
	if ! hash buildah mmdebstrap unshare nsenter ip 2>/dev/null; then
		apt-get update -q >/dev/null
		DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
			buildah crun mmdebstrap util-linux iproute2 >/dev/null
	fi
}

# image_tool ARGUMENTS...: buildah on that storage. No daemon, no registry: an image that was not made here is an error.
image_tool() {
	buildah --root "$images_home/storage" --runroot "$images_home/run" "$@"
}

# has_image NAME: whether it was made already.
has_image() {
	image_tool inspect --type image "$1" >/dev/null 2>&1
}
