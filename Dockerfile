FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production
# To look at Redis from where Parley stands: docs/REDIS_CONFIGURATION.md.
RUN apt-get update && apt-get install -y --no-install-recommends redis-tools iputils-ping && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/configs ./configs
COPY --from=build /app/LICENSE /app/THIRD_PARTY_NOTICES.md ./
USER node
ENTRYPOINT ["node", "dist/services/parley.js"]
CMD ["orchestrator"]
