/** How CloudFormation names a resource, and what its references give. */
export interface ResourceForm {
  /** The property that holds the name. */
  readonly name: string;
  /** With `{partition}`, `{region}`, `{account}`, `{path}` and `{name}`. */
  readonly arn: string;
  /** What `Ref` gives; something that only a deployment knows is `unknown`. */
  readonly ref: 'name' | 'arn' | 'unknown';
  /** The attribute of `Fn::GetAtt` that gives the ARN. */
  readonly arnAttribute: string;
}

const regional = (resource: string): string =>
  `arn:{partition}:${resource.replace(':', ':{region}:{account}:')}`;
const iam = (resource: string): string => `arn:{partition}:iam::{account}:${resource}{path}{name}`;

const form = (name: string, arn: string, ref: ResourceForm['ref'], arnAttribute = 'Arn'): ResourceForm => ({
  name,
  arn,
  ref,
  arnAttribute,
});

/**
 * The types that policies name most. Everything else is given by hand.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const RESOURCE_FORMS: Readonly<Record<string, ResourceForm>> = {
  'AWS::IAM::User': form('UserName', iam('user'), 'name'),
  'AWS::IAM::Group': form('GroupName', iam('group'), 'name'),
  'AWS::IAM::Role': form('RoleName', iam('role'), 'name'),
  'AWS::IAM::ManagedPolicy': form('ManagedPolicyName', iam('policy'), 'arn', 'PolicyArn'),
  'AWS::Personalize::DatasetGroup': form(
    'Name',
    regional('personalize:dataset-group/{name}'),
    'arn',
    'DatasetGroupArn',
  ),
  'AWS::Personalize::Schema': form('Name', regional('personalize:schema/{name}'), 'arn', 'SchemaArn'),
  'AWS::Personalize::Solution': form('Name', regional('personalize:solution/{name}'), 'arn', 'SolutionArn'),
  'AWS::S3::Bucket': form('BucketName', 'arn:{partition}:s3:::{name}', 'name'),
  'AWS::DynamoDB::Table': form('TableName', regional('dynamodb:table/{name}'), 'name'),
  'AWS::Kinesis::Stream': form('Name', regional('kinesis:stream/{name}'), 'name'),
  'AWS::Lambda::Function': form('FunctionName', regional('lambda:function:{name}'), 'name'),
  'AWS::Logs::LogGroup': form('LogGroupName', regional('logs:log-group:{name}:*'), 'name'),
  'AWS::SNS::Topic': form('TopicName', regional('sns:{name}'), 'arn', 'TopicArn'),
  'AWS::SQS::Queue': form('QueueName', regional('sqs:{name}'), 'unknown'),
  'AWS::StepFunctions::StateMachine': form('StateMachineName', regional('states:stateMachine:{name}'), 'arn'),
};
