import { json, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { refuse } from './admin-router.ts';

/** Reads a JSON body whatever its content type says; edited policies are the largest that there are. */
export const readJsonBody: RequestHandler = json({ type: () => true, limit: '2mb' });

/** The body as the schema gives it; where it is not valid, the response is sent and there is none. */
export function checkBody<Value>(
  schema: z.ZodType<Value>,
  body: unknown,
  response: Response,
): Value | undefined {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  refuse(response, 400, 'InvalidRequest', z.prettifyError(read.error));
  return undefined;
}
