import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import { refuse } from './admin-router.ts';

/** Built by `npm run build:console`; beside `src/` and `dist/` alike. */
const BUILT = fileURLToPath(new URL('../../dist-console/', import.meta.url));

/** Nothing from elsewhere, nothing inline; text can only become text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const securely: RequestHandler = (_, response, next) => {
  response.set({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  next();
};

/** `/_authz/`: the console, as built; and `/_authz/d/ID`, which leads to one decision in it. */
export function consoleFiles(folder: string = BUILT): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/d/:id', (request, response) =>
    response.redirect(`/_authz/#/decisions/${encodeURIComponent(request.params.id)}`),
  );
  router.get('/', securely, (request, response) => {
    const [path = ''] = request.originalUrl.split('?');
    if (!path.endsWith('/')) return response.redirect('/_authz/');
    if (!existsSync(`${folder}index.html`))
      return refuse(
        response,
        404,
        'ConsoleNotBuilt',
        'The console is not built. Run npm run build:console in the checkout, then load this page again.',
      );
    response.set('cache-control', 'no-cache');
    return response.sendFile('index.html', { root: folder });
  });
  // The names of these files change with their content.
  router.use('/assets', securely, express.static(`${folder}assets`, { immutable: true, maxAge: '1y' }));
  return router;
}
