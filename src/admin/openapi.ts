import { Router } from 'express';
import { z } from 'zod';
import { only } from './admin-router.ts';
import * as requests from './requests.ts';

/** One method of one path of `/_authz`. */
interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/decisions/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Media type of a successful response; JSON unless given, `null` if there is none. */
  readonly type?: string | null;
}

const STUB_KINDS = ['events', 'items', 'users', 'actions', 'action-interactions'] as const;

/** Every endpoint; a test holds the table against the routes. */
export const ENDPOINTS: readonly Endpoint[] = [
  { method: 'get', path: '/', summary: 'The console', type: 'text/html' },
  { method: 'get', path: '/d/{id}', summary: 'Redirects to a decision in the console', type: null },
  { method: 'get', path: '/health', summary: 'Mode, upstream and configuration problems' },
  { method: 'get', path: '/health/live', summary: 'Whether the process responds' },
  { method: 'get', path: '/health/ready', summary: 'Whether requests are handled' },
  {
    method: 'get',
    path: '/decisions',
    summary: 'Decisions in memory: records, oldest first, or summaries, newest first',
    query: requests.DECISIONS_QUERY,
  },
  { method: 'delete', path: '/decisions', summary: 'Deletes the decisions in memory', type: null },
  {
    method: 'get',
    path: '/decisions/stream',
    summary: 'Server-sent events: decisions, gap, reset, state',
    query: requests.STREAM_QUERY,
    type: 'text/event-stream',
  },
  { method: 'get', path: '/decisions/{id}', summary: 'One decision record' },
  {
    method: 'get',
    path: '/decisions/{id}/explain',
    summary: 'Why a decision came out as it did, and what would change it; `last` is the last denial',
    query: requests.EXPLAIN_QUERY,
  },
  {
    method: 'get',
    path: '/decisions/{id}/call',
    summary: 'The call of a decision with its input, as a case for simulate',
  },
  {
    method: 'get',
    path: '/decisions/{id}/test',
    summary: 'A policy test that holds the decision',
    type: 'application/yaml',
  },
  {
    method: 'get',
    path: '/decisions/{id}/encoded-message',
    summary: 'The encoded authorization message of a denial',
  },
  { method: 'put', path: '/mode', summary: 'Switches between enforce and audit', body: requests.MODE_BODY },
  { method: 'post', path: '/reload', summary: 'Reads principals and policies again' },
  { method: 'get', path: '/metrics', summary: 'Metrics for Prometheus', type: 'text/plain' },
  {
    method: 'get',
    path: '/coverage',
    summary: 'What recorded calls used of the policies, and principals by actions',
    query: requests.COVERAGE_QUERY,
  },
  { method: 'get', path: '/marks', summary: 'Named moments' },
  { method: 'post', path: '/marks', summary: 'Names this moment', body: requests.MARK_BODY },
  {
    method: 'get',
    path: '/policy',
    summary: 'The least-privilege policy of a principal from recorded calls',
    query: requests.POLICY_QUERY,
  },
  { method: 'get', path: '/principals', summary: 'Users, groups, roles and the organization' },
  { method: 'get', path: '/policies', summary: 'Policies and what they are attached to' },
  { method: 'get', path: '/policies/{name}/source', summary: 'The text of a policy with its statements' },
  {
    method: 'put',
    path: '/policies/{name}/source',
    summary: 'Replaces a policy file and keeps a backup; requires console.write',
    body: requests.SOURCE_BODY,
  },
  { method: 'post', path: '/lint', summary: 'Findings about the text of a policy', body: requests.LINT_BODY },
  {
    method: 'post',
    path: '/simulate',
    summary: 'Calls under the current and under edited policies',
    body: requests.SIMULATE_BODY,
  },
  {
    method: 'post',
    path: '/replay',
    summary: 'Recorded calls under edited policies: what changes, as JSON lines',
    body: requests.REPLAY_BODY,
    type: 'application/x-ndjson',
  },
  { method: 'get', path: '/operations', summary: 'The operations of the services' },
  { method: 'get', path: '/operations/{name}', summary: 'The JSON Schema of the input of an operation' },
  { method: 'get', path: '/openapi.json', summary: 'This description' },
  { method: 'get', path: '/stub/resources', summary: 'The resources of the embedded stub' },
  ...STUB_KINDS.map(
    (kind): Endpoint => ({
      method: 'get',
      path: `/stub/${kind}`,
      summary: `What was put to the embedded stub: ${kind}`,
      query: requests.STUB_QUERY,
    }),
  ),
  { method: 'post', path: '/reset', summary: 'Resets the embedded stub to its seed' },
];

/** The description of `/_authz` as OpenAPI 3.1, generated from the schemas that validate its requests. */
export function openApiDocument() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of ENDPOINTS)
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'personalize-authz-proxy',
      version: '1',
      description: 'Decisions, policies and the embedded stub of a running proxy.',
    },
    servers: [{ url: '/_authz' }],
    paths,
    components: { responses: { Error: ERROR } },
  };
}

const ERROR = {
  description: 'An error with its code and a sentence about it',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['code', 'message'],
            properties: { code: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
};

function operationOf({ method, path, summary, query, body, type = 'application/json' }: Endpoint) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const header = {
    name: 'x-authz-admin',
    in: 'header',
    required: true,
    description: 'Any value. State-changing requests require it.',
    schema: { type: 'string' },
  };
  return {
    summary,
    parameters: [...names, ...queryOf(query), ...(method === 'get' ? [] : [header])],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } },
    }),
    responses: {
      '2XX': { description: 'Success', ...(type !== null && { content: { [type]: {} } }) },
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

/** Draft 2020-12 is OpenAPI 3.1's own dialect. */
function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function queryOf(query: z.ZodType | undefined) {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query) as {
    properties?: Record<string, unknown>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** `/_authz/openapi.json` */
export function openApiRoute(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .get('/openapi.json', (_, response) => void response.json(openApiDocument()))
    .all('/openapi.json', only('GET'));
  return router;
}
