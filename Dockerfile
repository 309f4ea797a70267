# The worker. Debian, because Temporal's native library and DuckDB are built for glibc.
FROM node:24.21.0-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24.21.0-trixie-slim
ENV NODE_ENV=production
# Engine sessions spill to TMPDIR when they reach their memory limit.
ENV TMPDIR=/tmp
WORKDIR /opt/resegment
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
USER node
ENTRYPOINT ["node", "/opt/resegment/dist/cli/main.js"]
CMD ["worker", "--health", "127.0.0.1:8080"]
# Only of a worker that tells its health there: other commands end before they are asked, or turn it off by --no-healthcheck.
HEALTHCHECK --interval=20s --timeout=10s --start-period=60s --retries=6 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
