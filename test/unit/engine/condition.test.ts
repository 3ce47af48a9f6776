import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../../src/engine/operators.ts';
import { CONDITION_OPERATORS } from '../../../src/policy/ast.ts';
import { holds } from './ask.ts';

describe('the operator table', () => {
  it('has a row for every operator but Null, which asks for keys only', () => {
    expect([...Object.keys(OPERATORS), 'Null'].sort()).toEqual([...CONDITION_OPERATORS].sort());
  });

  it('calls an operator negated exactly where its name does', () => {
    const negated = Object.entries(OPERATORS).filter(([, row]) => row.negated);
    expect(negated.map(([name]) => name)).toEqual(
      Object.keys(OPERATORS).filter((name) => name.includes('Not')),
    );
  });
});

describe('a missing key', () => {
  it('fails a positive operator', () => {
    expect(holds({ StringEquals: { 'aws:username': 'alice' } }, {})).toBe(false);
  });

  it('satisfies a negated operator', () => {
    expect(holds({ StringNotEquals: { 'aws:username': 'alice' } }, {})).toBe(true);
  });

  it('satisfies any operator with IfExists', () => {
    expect(holds({ NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '300' } }, {})).toBe(true);
  });

  it('satisfies ForAllValues and fails ForAnyValue, negated too', () => {
    expect(holds({ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }, {})).toBe(true);
    expect(holds({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } }, {})).toBe(false);
    expect(holds({ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'a' } }, {})).toBe(false);
  });

  it('is no value at all: a key name is compared ignoring case', () => {
    expect(holds({ StringEquals: { 'AWS:UserName': 'alice' } }, { 'aws:username': 'alice' })).toBe(true);
  });
});

describe('several values', () => {
  it('are alternatives to a positive operator', () => {
    expect(holds({ StringEquals: { k: ['a', 'b'] } }, { k: 'b' })).toBe(true);
  });

  it('are all excluded by a negated operator', () => {
    expect(holds({ StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' })).toBe(false);
    expect(holds({ StringNotEquals: { k: ['a', 'b'] } }, { k: 'c' })).toBe(true);
  });

  it('of a list that is empty match only a missing key, where that is asked for', () => {
    expect(holds({ 'ForAllValues:StringEquals': { k: [] } }, {})).toBe(true);
    expect(holds({ 'ForAllValues:StringEquals': { k: [] } }, { k: ['a'] })).toBe(false);
    expect(holds({ StringNotEquals: { k: [] } }, { k: 'a' })).toBe(false);
  });
});

describe('a multi-valued key', () => {
  it('matches no operator without a set operator, not even a negated one', () => {
    expect(holds({ StringEquals: { 'aws:TagKeys': 'a' } }, { 'aws:TagKeys': ['a'] })).toBe(false);
    expect(holds({ StringNotEquals: { 'aws:TagKeys': 'b' } }, { 'aws:TagKeys': ['a'] })).toBe(false);
  });

  it('satisfies ForAllValues when every value of the request matches', () => {
    const condition = { 'ForAllValues:StringLike': { 'aws:TagKeys': ['cost-*', 'team'] } };
    expect(holds(condition, { 'aws:TagKeys': ['team', 'cost-center'] })).toBe(true);
    expect(holds(condition, { 'aws:TagKeys': ['team', 'owner'] })).toBe(false);
    expect(holds(condition, { 'aws:TagKeys': [] })).toBe(true);
  });

  it('satisfies ForAnyValue when one value of the request matches', () => {
    const condition = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } };
    expect(holds(condition, { 'aws:TagKeys': ['owner', 'team'] })).toBe(true);
    expect(holds(condition, { 'aws:TagKeys': ['owner'] })).toBe(false);
    expect(holds(condition, { 'aws:TagKeys': [] })).toBe(false);
  });

  it('satisfies a negated ForAllValues when none matches, a negated ForAnyValue when one does not', () => {
    const context = { 'aws:TagKeys': ['owner', 'team'] };
    expect(holds({ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': 'team' } }, context)).toBe(false);
    expect(holds({ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'team' } }, context)).toBe(true);
    expect(holds({ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['team', 'owner'] } }, context)).toBe(
      false,
    );
  });
});

describe('Null', () => {
  it('asks whether a key is absent', () => {
    expect(holds({ Null: { k: 'true' } }, {})).toBe(true);
    expect(holds({ Null: { k: 'false' } }, {})).toBe(false);
    expect(holds({ Null: { k: 'false' } }, { k: ['a', 'b'] })).toBe(true);
    expect(holds({ Null: { k: true } }, { k: [] })).toBe(true);
  });

  it('always holds for all values and never for any', () => {
    expect(holds({ 'ForAllValues:Null': { k: 'false' } }, {})).toBe(true);
    expect(holds({ 'ForAnyValue:Null': { k: 'true' } }, {})).toBe(false);
  });
});

describe('several operators and keys', () => {
  it('must all hold', () => {
    const condition = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
    expect(holds(condition, { a: '1', b: '2', c: 'true' })).toBe(true);
    expect(holds(condition, { a: '1', b: '3', c: 'true' })).toBe(false);
    expect(holds(condition, { a: '1', b: '2', c: 'false' })).toBe(false);
  });
});
