import { Router } from 'express';
import { z } from 'zod';
import { diffOf, remarksOf } from '../commands/generate/compare.ts';
import { type Generated, generatePolicy } from '../commands/generate/generate.ts';
import type { Directory } from '../directory/directory.ts';
import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import { only, refuse } from './admin-router.ts';
import { POLICY_QUERY } from './requests.ts';

export interface PolicyRouteOptions {
  readonly log: DecisionLog;
  /** The last good state of the folder. */
  readonly directory: () => Directory;
}

/**
 * `/_authz/policy?principal=role/shop&resources=prefix`: the least-privilege policy of the decisions in memory, proved;
 * with `detail=1` beside what was proved, a diff, and the calls that need each line.
 */
export function policyRoute({ log, directory }: PolicyRouteOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/policy', (request, response) => {
    const query = POLICY_QUERY.safeParse(request.query);
    if (!query.success) {
      const code = typeof request.query.principal === 'string' ? 'InvalidResources' : 'MissingPrincipal';
      return refuse(response, 400, code, z.prettifyError(query.error));
    }
    const { principal, resources, detail } = query.data;
    const current = directory();
    const generated = generatePolicy({ directory: current, as: principal, records: log.list(), resources });
    if (!generated.ok) {
      const { reason, message } = generated.error;
      return reason === 'proof'
        ? refuse(response, 422, 'NotProved', message)
        : refuse(response, 404, 'NotFound', message);
    }
    if (detail === undefined) return void response.type('json').send(`${generated.value.text}\n`);
    return void response.json(detailOf(generated.value, current));
  });
  router.all('/policy', only('GET'));
  return router;
}

function detailOf(generated: Generated, directory: Directory) {
  const { text, checks, elements, policy, calls } = generated;
  const { identity: present } = directory.policySetOf(calls.identity);
  const statements = present.flatMap((each) => each.policy.statements);
  return {
    text: `${text}\n`,
    checks,
    elements,
    replaces: present.map(({ name }) => name),
    patch: diffOf(statements, policy.statements),
    notes: remarksOf(generated, statements),
    lines: linesOf(generated),
    denied: calls.denied.length,
  };
}

const MOST_DECISIONS = 20;

/** The actions of the document by the lines that name them, with the calls that needed each. */
function linesOf({ text, calls: { passed, audited } }: Generated) {
  const called = [...passed, ...audited].flatMap(({ id, checks, undocumented }) =>
    [...checks, ...undocumented].map(({ action, resource }) => ({
      id,
      action: action.toLowerCase(),
      resource,
    })),
  );
  return text.split('\n').flatMap((line, index) => {
    const [, value] = /"([^":]*:[^"]*)"[,\s]*$/.exec(line) ?? [];
    if (value === undefined) return [];
    const pattern = parsePattern(value.startsWith('arn:') ? value : value.toLowerCase());
    const ids = called
      .filter(({ action, resource }) => matchesPattern(pattern, value.startsWith('arn:') ? resource : action))
      .map(({ id }) => id);
    const decisions = [...new Set(ids)];
    if (decisions.length === 0) return [];
    return [{ line: index + 1, count: decisions.length, decisions: decisions.slice(-MOST_DECISIONS) }];
  });
}
