# The compiler's image goes by tag here; a release pins it by digest:
#   docker build --build-arg GO_IMAGE=golang@sha256:…
ARG GO_IMAGE=golang:1.26-bookworm

FROM ${GO_IMAGE} AS build
ARG VERSION=dev
ARG COMMIT=unknown
ARG DATE=unknown
# In the environment, since the exec form below, which needs no shell, expands no arguments.
ENV CGO_ENABLED=0 \
    GOFLAGS="-trimpath -tags=grpcnotrace '-ldflags=-s -w -X github.com/lockkeeper/lockkeeper/internal/cli.version=${VERSION} -X github.com/lockkeeper/lockkeeper/internal/cli.commit=${COMMIT} -X github.com/lockkeeper/lockkeeper/internal/cli.date=${DATE}'"
WORKDIR /src
COPY go.mod go.sum ./
RUN ["go", "mod", "download"]
COPY . .
RUN ["go", "build", "-o", "/lockkeeper", "."]

# No shell, no user but root, no working directory: GitHub mounts the workspace as root's and sets the rest.
# https://docs.github.com/actions/reference/workflows-and-actions/dockerfile-support
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /lockkeeper /lockkeeper
ENTRYPOINT ["/lockkeeper"]
