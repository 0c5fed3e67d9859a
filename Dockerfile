# The course image: what grading needs, installed once, so that no grading run installs torch.
#
#   make course-image                                   # or: autograder release && docker build -t course .
#   otter grade -n hw1 -a dist/SLUG-autograder.zip --ext py --image course submissions/
#
# The base can be any Debian or Ubuntu with Python 3.10 or newer; one whose own Python has all that is needed stays as
# it is. Wheels in dist/course-image/wheels, if there are any, are installed instead of what an index has: then the
# build needs no network. Needs BuildKit: what is mounted leaves no layer behind.
ARG BASE_IMAGE=ubuntu:24.04
FROM ${BASE_IMAGE}
ARG TORCH_INDEX_URL=
RUN --mount=type=bind,source=dist/course-image,target=/tmp/course-image bash /tmp/course-image/setup.sh
# Before the base's own path, not instead of it: that is where a base with torch has its Python.
ENV PATH=/opt/autograder/bin:${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
