/**
 * The prefixes of the services whose actions a resource control policy may name, in lower case: the list on AWS's
 * page as of September 2026. IAM and CloudWatch are not on it.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
const PREFIXES = `
  aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch cloudtrail-data
  codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend comprehendmedical
  compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms gamelift health
  inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad
  personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf
  textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray`;

const SERVICES: ReadonlySet<string> = new Set(PREFIXES.trim().split(/\s+/));

/** Actions of these services to which resource control policies do not apply, in lower case. */
const EXEMPT: ReadonlySet<string> = new Set(['kms:retiregrant']);

/** Whether resource control policies may name a service; the prefix may be in any case. */
export const isRcpService = (prefix: string): boolean => SERVICES.has(prefix.toLowerCase());

/** Whether resource control policies apply to an action, given in lower case; resource types do not matter. */
export const isReachedByRcps = (action: string): boolean =>
  SERVICES.has(action.slice(0, action.indexOf(':'))) && !EXEMPT.has(action);
