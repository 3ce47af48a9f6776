import type { CapturedRow } from './captured-row.ts';

/**
 * Set operators, and operators without one on multi-valued keys. An empty string is a value, an absent key is an
 * empty set.
 */
export const SETS: readonly CapturedRow[] = [
  {
    operator: 'ForAnyValue:NumericEquals',
    key: 'aws:TagKeys',
    wanted: '1',
    differs: [['many'], ['many', '2']],
    matches: [
      ['many', '1'],
      ['1', '2'],
    ],
  },
  {
    operator: 'ForAllValues:NumericEquals',
    key: 'aws:TagKeys',
    wanted: '1',
    differs: [['many'], ['many', '1'], ['many', '2'], ['1', '2']],
  },
  {
    operator: 'ForAnyValue:NumericNotEquals',
    key: 'aws:TagKeys',
    wanted: '1',
    matches: [['many'], ['many', '1'], ['many', '2'], ['1', '2']],
  },
  {
    operator: 'ForAllValues:NumericNotEquals',
    key: 'aws:TagKeys',
    wanted: '1',
    matches: [['many'], ['many', '2']],
    differs: [['many', '1']],
  },
  {
    operator: 'StringEquals',
    key: 'aws:TagKeys',
    wanted: 'team',
    differs: [undefined, ['team'], ['env'], ['team', 'env']],
  },
  {
    operator: 'StringNotEquals',
    key: 'aws:TagKeys',
    wanted: 'team',
    matches: [undefined],
    differs: [['team'], ['env']],
  },
  {
    operator: 'StringEqualsIfExists',
    key: 'aws:TagKeys',
    wanted: 'team',
    matches: [undefined],
    differs: [['env'], ['team', 'env']],
  },
  {
    operator: 'StringNotEqualsIfExists',
    key: 'aws:TagKeys',
    wanted: 'team',
    matches: [undefined],
    differs: [['team'], ['team', 'env']],
  },
  {
    operator: 'ForAnyValue:StringEquals',
    key: 'aws:TagKeys',
    wanted: 'team',
    differs: [undefined, ['env']],
    matches: [['team']],
  },
  {
    operator: 'ForAllValues:StringEquals',
    key: 'aws:TagKeys',
    wanted: 'team',
    matches: [undefined, ['team']],
    differs: [['env'], ['team', 'env']],
  },
  {
    operator: 'ForAnyValue:StringNotEquals',
    key: 'aws:TagKeys',
    wanted: 'team',
    differs: [undefined, ['team']],
    matches: [['env'], ['team', 'env']],
  },
  {
    operator: 'ForAllValues:StringNotEquals',
    key: 'aws:TagKeys',
    wanted: 'team',
    matches: [undefined, ['env']],
    differs: [['team', 'env']],
  },
  {
    operator: 'Null',
    key: 'aws:RequestTag/team',
    wanted: 'true',
    differs: ['', 'blue'],
    matches: [undefined],
  },
  { operator: 'StringEquals', key: 'aws:RequestTag/team', wanted: '', matches: [''], differs: ['blue'] },
  {
    operator: 'ForAllValues:StringEquals',
    key: 'aws:RequestTag/team',
    wanted: 'blue',
    matches: ['blue', undefined],
  },
  {
    operator: 'ForAnyValue:StringEquals',
    key: 'aws:RequestTag/team',
    wanted: '',
    matches: [''],
    differs: [undefined],
  },
  { operator: 'StringEquals', key: 'aws:RequestTag/team', wanted: '${aws:TagKeys}', differs: ['team'] },
  {
    operator: 'StringEquals',
    key: 'aws:RequestTag/team',
    wanted: "${aws:TagKeys, 'fallback'}",
    differs: ['team'],
  },
  { operator: 'StringNotEquals', key: 'aws:RequestTag/team', wanted: '${aws:TagKeys}', matches: ['team'] },
  {
    operator: 'StringNotEquals',
    key: 'aws:RequestTag/team',
    wanted: "${aws:TagKeys, 'fallback'}",
    matches: ['team', 'fallback'],
  },
  { operator: 'ForAnyValue:StringEqualsIgnoreCase', key: 'aws:TagKeys', wanted: 'S', differs: [['ſ']] },
  { operator: 'ForAllValues:StringEqualsIgnoreCase', key: 'aws:TagKeys', wanted: 'S', differs: [['ſ']] },
  { operator: 'ForAllValues:StringEqualsIgnoreCase', key: 'aws:TagKeys', wanted: 'ΟΣ', matches: [['ος']] },
  { operator: 'ForAnyValue:StringLike', key: 'aws:TagKeys', wanted: 'a?', differs: [['a𐐀']] },
  { operator: 'ForAllValues:StringLike', key: 'aws:TagKeys', wanted: 'a?', differs: [['a𐐀']] },
  { operator: 'ForAnyValue:StringLike', key: 'aws:TagKeys', wanted: 'a??', matches: [['a𐐀']] },
];
