# The course image: what grading needs, installed once, so that no grading run installs torch.
#
#   make course-image                                   # or: autograder release && docker build -t course .
#   otter grade -n hw1 -a dist/SLUG-autograder.zip --ext py --image course submissions/
#
# The base can be any Debian or Ubuntu with Python 3.10 or newer. Wheels in dist/course-image/wheels, if there are
# any, are installed instead of what an index has: then the build needs no network.
ARG BASE_IMAGE=ubuntu:24.04
FROM ${BASE_IMAGE}
ARG TORCH_INDEX_URL=
COPY dist/course-image /tmp/course-image
RUN bash /tmp/course-image/setup.sh && rm -rf /tmp/course-image
ENV PATH=/opt/autograder/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
