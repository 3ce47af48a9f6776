import {
  GenerateServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsCommand,
  type GetServiceLastAccessedDetailsCommandInput,
  IAMClient,
} from '@aws-sdk/client-iam';
import { ListSchemasCommand, ListSolutionsCommand } from '@aws-sdk/client-personalize';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  allow,
  MINUTE,
  policy,
  refusalOf,
  roleArn,
  START,
  trust,
  userArn,
  World,
} from '../sts/world.ts';

let world: World;
beforeEach(async () => {
  const key = (name: string) => [
    { id: `AKIALOCAL${name.toUpperCase().padEnd(11, '0')}`, secret: `local-only-secret-of-${name}` },
  ];
  world = await World.open({
    principals: {
      users: {
        admin: { accessKeys: key('admin'), managedPolicies: ['admin'] },
        alice: { accessKeys: key('alice'), managedPolicies: ['lists'], groups: ['readers'] },
        bob: { accessKeys: key('bob'), groups: ['readers'] },
        stranger: { accessKeys: key('stranger') },
      },
      groups: { readers: { managedPolicies: ['schemas'] } },
      roles: { app: { trustPolicy: 'trust', managedPolicies: ['schemas'] } },
    },
    policies: {
      admin: allow(['iam:*']),
      lists: policy(
        { Effect: 'Allow', Action: ['personalize:ListSol*', 's3:GetObject'], Resource: '*' },
        { Effect: 'Deny', Action: 'personalize:*', Resource: 'arn:aws:personalize:*:*:schema/x' },
      ),
      schemas: allow('personalize:ListSchemas'),
      trust: trust(userArn('alice')),
    },
  });
});
afterEach(() => world[Symbol.asyncDispose]());

const iam = (who = 'admin') => new IAMClient(world.settings(who));
const generate = async (Arn: string, Granularity?: 'ACTION_LEVEL' | 'SERVICE_LEVEL', who?: string) => {
  const command = new GenerateServiceLastAccessedDetailsCommand({ Arn, ...(Granularity && { Granularity }) });
  return (await iam(who).send(command)).JobId ?? '';
};
const get = (input: GetServiceLastAccessedDetailsCommandInput) =>
  iam().send(new GetServiceLastAccessedDetailsCommand(input));
const report = async (...job: Parameters<typeof generate>) => get({ JobId: await generate(...job) });

const listSchemas = (who: Parameters<World['personalize']>[0]) =>
  world.personalize(who).send(new ListSchemasCommand({}));

describe('the report on what was last accessed', () => {
  it('lists the services that the policies of a user and its groups grant, called or not', async () => {
    await listSchemas('alice');
    world.wait(5 * MINUTE);
    const { ServicesLastAccessed, ...job } = await report(userArn('alice'));
    expect(job).toMatchObject({
      JobStatus: 'COMPLETED',
      JobType: 'SERVICE_LEVEL',
      JobCreationDate: new Date(world.now),
      JobCompletionDate: new Date(world.now),
      IsTruncated: false,
    });
    expect(ServicesLastAccessed).toEqual([
      {
        ServiceName: 'Amazon Personalize',
        ServiceNamespace: 'personalize',
        TotalAuthenticatedEntities: 1,
        LastAuthenticated: new Date(START),
        LastAuthenticatedEntity: userArn('alice'),
        LastAuthenticatedRegion: 'us-east-1',
      },
      { ServiceName: 'Amazon S3', ServiceNamespace: 's3', TotalAuthenticatedEntities: 0 },
    ]);
  });

  it('reports each action on request, including denied attempts', async () => {
    await listSchemas('alice');
    world.wait(MINUTE);
    await world
      .personalize('bob')
      .send(new ListSolutionsCommand({}))
      .catch(() => undefined);
    const { JobType, ServicesLastAccessed = [] } = await report(userArn('alice'), 'ACTION_LEVEL');
    expect(JobType).toBe('ACTION_LEVEL');
    const [personalize] = ServicesLastAccessed;
    expect(personalize?.TrackedActionsLastAccessed).toEqual([
      {
        ActionName: 'ListSchemas',
        LastAccessedTime: new Date(START),
        LastAccessedEntity: userArn('alice'),
        LastAccessedRegion: 'us-east-1',
      },
      { ActionName: 'ListSolutionVersions' },
      { ActionName: 'ListSolutions' },
    ]);
    const ofBob = await report(userArn('bob'), 'ACTION_LEVEL');
    expect(ofBob.ServicesLastAccessed).toMatchObject([{ LastAuthenticated: new Date(START + MINUTE) }]);
  });

  it('counts the sessions of a role as the role', async () => {
    await listSchemas(await world.session('alice', 'app'));
    const { ServicesLastAccessed } = await report(roleArn('app'));
    expect(ServicesLastAccessed).toMatchObject([
      {
        ServiceNamespace: 'personalize',
        LastAuthenticatedEntity: roleArn('app'),
        TotalAuthenticatedEntities: 1,
      },
    ]);
  });

  it('counts the members of a group, and the holders of a policy', async () => {
    await listSchemas('bob');
    world.wait(MINUTE);
    await listSchemas('alice');
    const both = { LastAuthenticatedEntity: userArn('alice'), TotalAuthenticatedEntities: 2 };
    const { ServicesLastAccessed: ofGroup } = await report(`arn:aws:iam::${ACCOUNT}:group/readers`);
    expect(ofGroup).toMatchObject([both]);
    await listSchemas(await world.session('alice', 'app'));
    const { ServicesLastAccessed: ofPolicy } = await report(`arn:aws:iam::${ACCOUNT}:policy/schemas`);
    expect(ofPolicy).toMatchObject([{ ...both, TotalAuthenticatedEntities: 3 }]);
  });

  it('counts what was called before it was asked for, however late it is read', async () => {
    const JobId = await generate(userArn('alice'));
    await listSchemas('alice');
    const { ServicesLastAccessed } = await get({ JobId });
    expect(ServicesLastAccessed?.[0]).not.toHaveProperty('LastAuthenticated');
  });

  it('comes in pages', async () => {
    const JobId = await generate('arn:aws:iam::aws:policy/AdministratorAccess');
    const first = await get({ JobId, MaxItems: 1 });
    expect(first).toMatchObject({ IsTruncated: true, ServicesLastAccessed: [{}] });
    const next = await get({ JobId, ...(first.Marker && { Marker: first.Marker }) });
    expect(next.ServicesLastAccessed).toHaveLength(100);
    expect(next.ServicesLastAccessed?.[0]).not.toEqual(first.ServicesLastAccessed?.[0]);
  });

  it.each<[arn: string, code: string]>([
    [userArn('nobody'), 'NoSuchEntity'],
    [`arn:aws:iam::${ACCOUNT}:policy/none`, 'NoSuchEntity'],
    ['arn:aws:s3:::a-bucket-of-somebody', 'InvalidInput'],
  ])('is refused for what is not an entity of the account: %s', async (arn, code) => {
    expect(await refusalOf(generate(arn))).toMatchObject({ code });
  });

  it('has an id that only such a call gives', async () => {
    await listSchemas('alice');
    const [record] = world.proxy.decisions;
    for (const JobId of [record?.id ?? '', '00000000-0000-4000-8000-000000000000'])
      expect(await refusalOf(get({ JobId }))).toEqual({
        status: 404,
        code: 'NoSuchEntity',
        message: `Job with id ${JobId} cannot be found.`,
      });
  });

  it('needs its permission', async () => {
    expect(await refusalOf(generate(userArn('alice'), undefined, 'stranger'))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: expect.stringContaining(
        `iam:GenerateServiceLastAccessedDetails on resource: ${userArn('alice')} because`,
      ),
    });
  });
});
