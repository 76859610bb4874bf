# The course with JupyterLab: docker build -t vitrade . && docker run --rm -p 127.0.0.1:8888:8888 vitrade
FROM node:24-bookworm-slim

RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*

RUN install -d -o node -g node /course
USER node
WORKDIR /course
COPY --chown=node:node . .
RUN npm run setup && npm cache clean --force

EXPOSE 8888
HEALTHCHECK --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:8888/api').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["npm", "start", "--", "--ip=0.0.0.0", "--port=8888", "--no-browser"]
