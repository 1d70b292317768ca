# The program without its tools. Build: docker build -t complaint-line .   Run: see docs/running.md.

FROM node:20-bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
# No package's own scripts but better-sqlite3's, which is compiled here against the Node it will run on, whose headers the
# image brings: nothing is downloaded beside the packages themselves.
RUN npm ci --ignore-scripts
RUN npm_config_build_from_source=true npm_config_nodedir=/usr/local npm rebuild better-sqlite3 --ignore-scripts=false
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/data \
    ESTATE_FILE=/config/estate.yaml
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/adapters/simulator/page ./adapters/simulator/page
COPY package.json estate.example.yaml ./
RUN mkdir /data && chown node:node /data && chmod 700 /data
VOLUME /data
USER node
EXPOSE 3000
# The program ends wechaty's process, what is being sent and its lease on the data; it takes 10 s at most.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=2s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/bot/main.js"]
