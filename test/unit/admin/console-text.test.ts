import { describe, expect, it } from 'vitest';
import { filterOf, groupsOf } from '../../../console/src/decisions/filter.ts';
import { editorLink, splitResource } from '../../../console/src/text.ts';
import type { Summary } from '../../../console/src/types.ts';

/* What the console works out by itself; its pages are tested in Chromium. */

const row = (more: Partial<Summary> = {}): Summary => ({
  seq: 1,
  id: 'd1',
  time: '2026-11-23T12:00:00.000Z',
  outcome: 'forwarded',
  principal: 'arn:aws:iam::123456789012:user/alice',
  service: 'personalize',
  operation: 'ListSchemas',
  requestId: 'r',
  byService: false,
  check: { action: 'personalize:ListSchemas', resource: '*', decision: 'allowed', layer: 'identity' },
  checks: 1,
  durationMicros: 10,
  ...more,
});

describe('a filter of decisions', () => {
  it.each([
    ['', true],
    ['alice', true],
    ['ALICE', true],
    ['principal:alice,bob', true],
    ['principal:bob', false],
    ['-operation:List', false],
    ['-operation:Create', true],
    ['service:runtime', false],
    ['action:personalize:List', true],
    ['decision:d1,d2', true],
    ['principal:alice -service:personalize', false],
    ['unknown:field', false],
    ['__proto__:x', false],
  ])('%s', (query, isShown) => {
    expect(filterOf(query, [])(row())).toBe(isShown);
  });

  it('takes several outcomes', () => {
    expect(filterOf('', ['denied', 'forwarded'])(row())).toBe(true);
    expect(filterOf('', ['denied'])(row())).toBe(false);
  });

  it('groups what came out alike under the newest', () => {
    const rows = [row({ id: 'd3' }), row({ id: 'd2', outcome: 'denied' }), row()];
    expect(groupsOf(rows)).toMatchObject([
      { latest: { id: 'd3' }, count: 2 },
      { latest: { id: 'd2' }, count: 1 },
    ]);
  });
});

describe('a link to an editor', () => {
  it.each([
    ['vscode://file/{path}:{line}', 'vscode://file//app/policies/x%20y.json:7'],
    ['vscode://file/home/me/{file}:{line}', 'vscode://file/home/me/policies/x%20y.json:7'],
  ])('%s', (template, link) => {
    const source = { path: '/app/policies/x y.json', file: 'policies/x y.json' };
    expect(editorLink(template, source, 7)).toBe(link);
  });
});

it('keeps the name of a resource apart from its type', () => {
  expect(splitResource('arn:aws:personalize:us-east-1:123456789012:dataset/shop/INTERACTIONS')).toEqual([
    'dataset/shop/',
    'INTERACTIONS',
  ]);
  expect(splitResource('*')).toEqual(['', '*']);
});
