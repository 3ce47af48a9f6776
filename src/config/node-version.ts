/* Imported first by what the package exports, so that an older Node ends with a sentence and not with a stack. */

const OLDEST = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST)
  throw new Error(
    `personalize-authz-proxy needs Node ${OLDEST} or newer; this is Node ${process.versions.node}.`,
  );
