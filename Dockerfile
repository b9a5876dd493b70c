FROM docker.io/library/python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/dateline
COPY requirements/run.txt requirements/run.txt
RUN /opt/dateline/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml ./
COPY services services
RUN /opt/dateline/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/dateline/bin/python -m compileall -q /opt/dateline/lib

FROM docker.io/library/python:3.13-slim
# The folders that volumes cover are made here with their owner, which the volumes take over.
RUN useradd --system --no-create-home --uid 10001 dateline \
 && install --directory --owner dateline --mode 0700 /data /secrets
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /
USER dateline
ENTRYPOINT ["dateline"]
