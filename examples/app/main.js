// A small application that keeps its dataset group in Amazon Personalize. It knows nothing of the proxy: endpoint,
// region and credentials come from the environment, as they do on AWS.
import {
  CreateDatasetGroupCommand,
  DescribeDatasetGroupCommand,
  PersonalizeClient,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-personalize';

const personalize = new PersonalizeClient({});
const name = 'example-shop';

async function findOrCreate() {
  try {
    return (await personalize.send(new CreateDatasetGroupCommand({ name }))).datasetGroupArn;
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    return `arn:aws:personalize:us-east-1:123456789012:dataset-group/${name}`;
  }
}

try {
  const datasetGroupArn = await findOrCreate();
  const { datasetGroup } = await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
  console.log(`${datasetGroup.datasetGroupArn} is ${datasetGroup.status}`);
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
