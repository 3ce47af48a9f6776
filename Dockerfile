# syntax=docker/dockerfile:1
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The image is Node 24 already: the devDependency `node` need not fetch its own.
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build.ts && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production AUTHZ_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/dist/bundle dist/bundle
COPY --from=build /app/dist-console dist-console
# Mount your own over these two; they hold the shipped examples.
COPY --from=build /app/config config
COPY --from=build /app/policies policies
# /data is for a volume: the stub's store, and the session key. Without one, the key is beside the configuration, as is the
# certificate of TLS: created at run time, and never a part of the image.
RUN mkdir /data config/.authz && chown node:node /data config/.authz
# Node keeps the compiled code in the image: the first start is as fast as every other.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN node --max-semi-space-size=4 bin/personalize-authz-proxy.js run --as user/alice --quiet -- node --eval 0
USER node
EXPOSE 7377 7378
# With --url the check loads neither the configuration nor the engine. It names the port of the image.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --start-interval=1s \
  CMD ["node", "bin/personalize-authz-proxy.js", "healthcheck", "--url", "http://127.0.0.1:7377"]
# The small young generation keeps an idle proxy small, as in `npm start`.
ENTRYPOINT ["node", "--max-semi-space-size=4", "bin/personalize-authz-proxy.js"]
CMD ["serve"]
