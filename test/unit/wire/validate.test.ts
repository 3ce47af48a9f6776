import { describe, expect, it } from 'vitest';
import { serviceModels } from '../../../src/model/load.ts';
import type { Shape, StringShape } from '../../../src/model/shape.ts';
import { constraintsOf } from '../../../src/wire/constraint.ts';
import { matchesPattern } from '../../../src/wire/pattern.ts';
import { validateInput } from '../../../src/wire/validate.ts';
import { operation } from './requests.ts';

const ARN = 'arn:aws:personalize:us-east-1:123456789012:solution/shop/abc';
const ARN_PATTERN = 'arn:([a-z\\d-]+):personalize:.*:.*:.+';

function messageOf(service: Parameters<typeof operation>[0], name: string, input: Record<string, unknown>) {
  const shape = operation(service, name).input;
  return shape && validateInput(shape, input)?.message;
}

function allStrings(): readonly StringShape[] {
  const seen = new Set<Shape>();
  const visit = (shape: Shape): void => {
    if (seen.has(shape)) return;
    seen.add(shape);
    if (shape.type === 'structure') for (const member of shape.members.values()) visit(member.shape);
    if (shape.type === 'list') visit(shape.member.shape);
    if (shape.type === 'map') for (const { shape: inside } of [shape.key, shape.value]) visit(inside);
  };
  for (const service of serviceModels().values()) {
    for (const { input } of service.operations.values()) if (input) visit(input);
  }
  return [...seen].filter((shape): shape is StringShape => shape.type === 'string');
}

describe('validateInput', () => {
  it('finds nothing wrong with a good input', () => {
    const input = {
      name: 'shop',
      solutionVersionArn: ARN,
      minProvisionedTPS: 1,
      tags: [{ tagKey: 'a', tagValue: '' }],
    };
    expect(messageOf('personalize', 'CreateCampaign', input)).toBeUndefined();
  });

  it('answers a bad ARN in the sentence captured from Personalize', () => {
    const input = { name: 'shop', solutionVersionArn: '$.SolutionVersionArn' };
    expect(messageOf('personalize', 'CreateCampaign', input)).toBe(
      `1 validation error detected: Value '$.SolutionVersionArn' at 'solutionVersionArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ${ARN_PATTERN}`,
    );
  });

  it('puts all violations in one sentence', () => {
    expect(messageOf('personalize', 'CreateCampaign', { minProvisionedTPS: 0 })).toBe(
      "3 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'solutionVersionArn' failed to satisfy constraint: Member must not be null; " +
        "Value '0' at 'minProvisionedTPS' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  });

  it('names both ways in which one value is wrong', () => {
    const input = { name: '', solutionVersionArn: ARN };
    expect(messageOf('personalize', 'CreateCampaign', input)).toBe(
      "2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9][a-zA-Z0-9\\-_]*; " +
        "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('prints nested paths as AWS does', () => {
    const input = {
      jobName: 'job',
      solutionVersionArn: ARN,
      jobInput: { s3DataSource: {} },
      jobOutput: { s3DataDestination: { path: 'ftp://x' } },
      roleArn: 'arn:aws:iam::123456789012:role/r',
      tags: [
        { tagKey: 'a', tagValue: 'b' },
        { tagKey: '#', tagValue: 'b' },
      ],
    };
    const message = messageOf('personalize', 'CreateBatchInferenceJob', input);
    expect(message).toContain("Value null at 'jobInput.s3DataSource.path' failed");
    expect(message).toContain("Value 'ftp://x' at 'jobOutput.s3DataDestination.path' failed");
    expect(message).toContain("Value at 'tags.2.member.tagKey' failed");
    expect(message).toMatch(/^3 validation errors/);
  });

  it('lists the values of an enumeration', () => {
    expect(messageOf('personalize', 'CreateDatasetGroup', { name: 'shop', domain: 'BANK' })).toBe(
      "1 validation error detected: Value 'BANK' at 'domain' failed to satisfy constraint: Member must satisfy enum value set: [ECOMMERCE, VIDEO_ON_DEMAND]",
    );
  });

  it('reports scalars of a list on the list, with all their rules', () => {
    const input = { PolicyInputList: ['{}', ''], ActionNames: ['s3:GetObject', 'a'] };
    const shape = operation('iam', 'SimulateCustomPolicy').input;
    expect(shape && validateInput(shape, input, 'ValidationError')?.message).toMatch(
      /; Value '\[s3:GetObject, a\]' at 'actionNames' failed to satisfy constraint: Member must satisfy constraint: \[Member must have length less than or equal to 128, Member must have length greater than or equal to 3\]$/,
    );
  });

  it('names the lengths before the pattern in a list of rules', () => {
    expect(messageOf('personalize', 'UntagResource', { resourceArn: ARN, tagKeys: ['good', '#'] })).toBe(
      "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: " +
        '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, ' +
        'Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$]',
    );
  });

  it('reports the keys and the values of a map on the map', () => {
    const message = messageOf('personalize-runtime', 'GetRecommendations', {
      context: { 'not a name': 'x'.repeat(1001) },
    });
    expect(message).toMatch(
      /^2 validation errors detected: Value.* at 'context' failed to satisfy constraint: Map keys must satisfy constraint: \[.*Member must satisfy regular expression pattern: \[A-Za-z\\d_\]\+\]; /,
    );
    expect(message).toMatch(
      /Value.* at 'context' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 1000\]$/,
    );
  });

  it('counts the items of a list, and leaves sensitive values out', () => {
    const tags = Array.from({ length: 201 }, (_, index) => ({ tagKey: `k${index}`, tagValue: '' }));
    expect(messageOf('personalize', 'TagResource', { resourceArn: ARN, tags })).toBe(
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 200",
    );
  });

  it('prints lists of structures as Java prints objects', () => {
    const metrics = Array.from({ length: 11 }, () => ({
      eventType: 'click',
      metricName: 'm',
      expression: 'SAMPLECOUNT()',
    }));
    const input = { metricAttributionArn: ARN, addMetrics: metrics };
    expect(messageOf('personalize', 'UpdateMetricAttribution', input)).toMatch(
      /^1 validation error detected: Value '\[MetricAttribute\(eventType=click, metricName=m, expression=SAMPLECOUNT\(\)\), /,
    );
  });

  it('writes the names of STS as AWS does, with its code', () => {
    const shape = operation('sts', 'AssumeRole').input;
    const input = { RoleArn: 'not-an-arn', RoleSessionName: 'me', DurationSeconds: 899 };
    expect(shape && validateInput(shape, input, 'ValidationError')).toEqual({
      code: 'ValidationError',
      message:
        "2 validation errors detected: Value 'not-an-arn' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; " +
        "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    });
  });
});

describe('matchesPattern', () => {
  it.each([
    ['[a-z]+', 'abc', true],
    ['[a-z]+', 'abc\n', false],
    ['^[a-z]+', 'abc!', false],
    ['a|b', 'ab', false],
    ['[\\w+=,.@\\:-]*', 'a:b-c', true],
    ['\\p{ASCII}{0,1500}', 'é', false],
    ['[\\p{L}]+', 'é𝒳', true],
    [ARN_PATTERN, 'arn:aws:personalize:::recipe/aws-sims', true],
    [ARN_PATTERN, 'arn:aws:personalize:us-east-1:1:', false],
    [ARN_PATTERN, 'arn:aws:personalize:us-east-1:1:a:b', true],
    ['^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$', '  a b  ', true],
    ['^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$', '   ', false],
  ])('holds %s against the whole of %j', (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });

  it('compiles every pattern of every model and answers hostile texts at once', () => {
    const slow = allStrings().flatMap((shape) => {
      const length = Math.min(shape.max ?? 100_000, 100_000);
      const hostile = ['a', ':', '/', ' ', 'arn:aws:kms:', ':kms:0', '1'].map(
        (unit) => `${unit.repeat(length).slice(0, length - 1)}\u0000`,
      );
      const prefixed = hostile.map((text) => `arn:aws:personalize:${text}`.slice(0, length));
      return [...hostile, ...prefixed]
        .filter((text) => {
          const before = process.threadCpuUsage();
          for (const { holds } of constraintsOf(shape)) holds(text);
          return process.threadCpuUsage(before).user > 200_000;
        })
        .map((text) => `${shape.name} ${text.slice(0, 20)}`);
    });
    expect(slow).toEqual([]);
  });
});
