# One image for the app and the worker. Everything it installs is pinned by hash.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/kithspark
WORKDIR /build
COPY requirements.lock .
RUN /opt/kithspark/bin/pip install --require-hashes -r requirements.lock
COPY . .
RUN /opt/kithspark/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data kithspark \
    && install -d -o kithspark -g kithspark -m 0700 /data
COPY --from=build /opt/kithspark /opt/kithspark
ENV PATH=/opt/kithspark/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KITHSPARK_DATA_DIR=/data \
    KITHSPARK_LISTEN=0.0.0.0:8080
USER kithspark
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Held rows are finished or given back within 20 s of SIGTERM: grant 30 (docker stop --time 30; compose does).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["sh", "-c", "kithspark migrate && exec kithspark serve"]
