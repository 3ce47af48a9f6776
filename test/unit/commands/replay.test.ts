import { describe, expect, it } from 'vitest';
import { renderReplay, replay } from '../../../src/commands/replay/replay.ts';
import { ALICE, check, directoryOf, document, recordOf, SHOP } from './recorded.ts';

const action = 'personalize:CreateDatasetGroup';
const granted = (more: object = {}) => document({ Effect: 'Allow', Action: action, Resource: SHOP, ...more });
const allowed = check(action, SHOP, {
  decision: 'allowed',
  determining: [{ policy: 'p', statement: 0, file: 'policies/p.json', line: 4 }],
});

describe('a replay', () => {
  it('has nothing to say of decisions that stay', async () => {
    const replayed = replay(
      [recordOf([allowed]), recordOf([check('personalize:ListSchemas')])],
      await directoryOf({ p: granted() }),
    );

    expect(replayed).toEqual({ decisions: 2, checks: 2, changes: [] });
    expect(renderReplay(replayed)).toBe('');
  });

  it('reports what is denied now, what allowed it before, and why it is denied', async () => {
    const directory = await directoryOf({
      p: granted(),
      no: document({ Sid: 'No', Effect: 'Deny', Action: '*', Resource: '*' }),
    });
    const { changes } = replay([recordOf([allowed])], directory);

    expect(changes).toEqual([
      {
        principal: ALICE,
        action,
        resource: SHOP,
        was: { decision: 'allowed', layer: 'identity', determining: allowed.determining },
        now: {
          decision: 'explicitDeny',
          layer: 'identity',
          determining: [expect.objectContaining({ sid: 'No' })],
        },
        because: expect.stringContaining('with an explicit deny in an identity-based policy'),
        undocumented: false,
        decisions: ['7c0c0000'],
      },
    ]);
  });

  it('reports what is allowed now', async () => {
    const { changes } = replay([recordOf([check(action, SHOP)])], await directoryOf({ p: granted() }));

    expect(changes).toMatchObject([{ was: { decision: 'implicitDeny' }, now: { decision: 'allowed' } }]);
    expect(changes[0]).not.toHaveProperty('because');
  });

  it('asks with the context that was recorded', async () => {
    const directory = await directoryOf({
      p: granted({ Condition: { StringEquals: { 'aws:RequestTag/team': 'ml' } } }),
    });
    const tagged = (team: string) => ({ ...allowed, context: { 'aws:RequestTag/team': team } });

    expect(replay([recordOf([tagged('ml')])], directory).changes).toEqual([]);
    expect(replay([recordOf([tagged('web')])], directory).changes).toHaveLength(1);
  });

  it('puts alike changes together', async () => {
    const records = ['a', 'b'].map((id) => recordOf([allowed], { id }));
    const replayed = replay(
      records,
      await directoryOf({ p: granted({ Resource: '*', Action: 'personalize:ListSchemas' }) }),
    );

    expect(replayed.changes).toMatchObject([{ decisions: ['a', 'b'] }]);
    expect(renderReplay(replayed)).toBe(
      [
        `allowed -> implicitDeny  ${action} on ${SHOP}`,
        `  by ${ALICE} (decision a and 1 more)`,
        '  then: policies/p.json:4, statement 0',
        '  now:  not allowed by the identity-based policies',
        `  User: ${ALICE} is not authorized to perform: ${action} on resource: ${SHOP} because no identity-based policy allows the ${action} action\n`,
      ].join('\n'),
    );
  });

  it('marks checks that AWS does not document', async () => {
    const record = recordOf([], { undocumented: [allowed] });

    expect(replay([record], await directoryOf({})).changes).toMatchObject([{ undocumented: true }]);
  });

  it('takes a call whose caller is gone for a change where it was allowed', async () => {
    const session = { holder: 'role/gone', issuedAt: '2026-11-23T11:00:00.000Z' };
    const records = [recordOf([allowed], { session }), recordOf([check(action, SHOP)], { session })];

    const { changes } = replay(records, await directoryOf({ p: granted() }));

    expect(changes).toMatchObject([{ because: 'there is no role/gone', decisions: ['7c0c0000'] }]);
    expect(changes[0]).not.toHaveProperty('now');
  });
});
