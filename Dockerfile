# docker build -t bilat .
# docker run --rm -v "$PWD:/work" bilat brief --out picture
#
# The desk, on the machine's own loopback. Others must show a token (docs/serve.md says how to make one):
# docker run --rm -p 127.0.0.1:8000:8000 -v "$PWD:/work" bilat \
#   serve --host 0.0.0.0 --port 8000 --name localhost:8000 --token-file tokens.txt
FROM python:3.11-slim
# Pages, charts and PDFs bring their typeface; a chart as PNG needs one more for Chinese names.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY pyproject.toml constraints.txt README.md LICENSE /src/
COPY src /src/src
RUN pip install --no-cache-dir -c /src/constraints.txt \
    '/src[mcp,pandas,pull,read,report,serve]' && rm -r /src
RUN useradd --create-home analyst && mkdir /work && chown analyst /work
USER analyst
WORKDIR /work
EXPOSE 8000
# Whether the desk answers; a command that ends by itself is over before it counts.
HEALTHCHECK --start-period=2m --interval=1m CMD ["python", "-c", \
    "from http.client import HTTPConnection; c = HTTPConnection('localhost', 8000, timeout=5); \
c.request('GET', '/health'); c.getresponse()"]
ENTRYPOINT ["bilat"]
CMD ["brief"]
