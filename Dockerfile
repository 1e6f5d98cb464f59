# docker build -t bilat . && docker run --rm -v "$PWD:/work" bilat brief --out picture
FROM python:3.11-slim
COPY pyproject.toml constraints.txt README.md LICENSE /src/
COPY src /src/src
RUN pip install --no-cache-dir -c /src/constraints.txt '/src[pull,report,serve]' && rm -r /src
RUN useradd --create-home analyst && mkdir /work && chown analyst /work
USER analyst
WORKDIR /work
ENTRYPOINT ["bilat"]
CMD ["brief"]
