import type { RequestListener } from 'node:http';
import express, { type RequestHandler, type Router } from 'express';
import { ADMIN_PATH, continueIfAsked } from './app.ts';

export interface PagesOptions {
  /** The project's own endpoints. */
  readonly admin: Router;
  /** Answers `GET /` of a browser, which is no call of AWS's API. */
  readonly landing?: RequestHandler;
  /** Answers what is none of these pages. */
  readonly calls: RequestListener;
}

/** The Express application that routes the project's own pages. */
export function createPages({ admin, landing, calls }: PagesOptions): RequestListener {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.use(ADMIN_PATH, continueFirst, admin);
  if (landing) app.get('/', landing);
  app.use(calls);
  return app;
}

const continueFirst: RequestHandler = (incoming, outgoing, next) => {
  continueIfAsked({ incoming, outgoing });
  next();
};
