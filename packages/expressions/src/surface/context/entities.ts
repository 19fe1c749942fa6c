import type {
  ApiView,
  BackendView,
  DeploymentView,
  GraphQLView,
  LastErrorView,
  OperationView,
  ProductView,
  SubscriptionView,
  UserView,
} from '../../context-host.ts';
import { DateTime } from '../../runtime/datetime.ts';
import { parseJson } from '../../runtime/json/reader.ts';
import { netArray, netType } from '../../runtime/values.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';
import { CertificatesDictionary } from './certificates-dictionary.ts';
import { Url } from './url.ts';

/** A resource of the context: a host's view that knows its .NET type. */
export class Entity<V> {
  readonly [netType]: string;
  readonly view: V;
  constructor(type: string, view: V) {
    this[netType] = `${space}${type}`;
    this.view = view;
  }
}
const space = 'Microsoft.Azure.ApiManagement.';

export function entity<V>(type: string, view: V | null): Entity<V> | null {
  return view === null ? null : new Entity(type, view);
}

function declareEntity(
  name: string,
  members: Readonly<Record<string, Implementation>>,
  refused?: Readonly<Record<string, string>>,
): TypeDeclaration {
  const full = `${space}${name}`;
  const test = (value: unknown) => value instanceof Entity && value[netType] === full;
  return declareType({ name: full, kind: 'interface', test, members, ...(refused && { refused }) });
}

const entities = (type: string, views: readonly object[]) =>
  netArray(
    `${space}${type}`,
    views.map((view) => new Entity(type, view)),
  );
const date = (milliseconds: number | null) =>
  milliseconds === null ? null : DateTime.fromUnixMilliseconds(milliseconds);
type Named = Entity<{ readonly id: string; readonly name: string }>;

export const entityTypes: readonly TypeDeclaration[] = [
  declareEntity('IApi', {
    'string Id { get; }': ({ view }: Entity<ApiView>) => view.id,
    'string Name { get; }': ({ view }: Entity<ApiView>) => view.name,
    'string Path { get; }': ({ view }: Entity<ApiView>) => view.path,
    'string Revision { get; }': ({ view }: Entity<ApiView>) => view.revision,
    'bool IsCurrentRevision { get; }': ({ view }: Entity<ApiView>) => view.isCurrentRevision,
    'string Version { get; }': ({ view }: Entity<ApiView>) => view.version,
    'IUrl ServiceUrl { get; }': ({ view }: Entity<ApiView>) =>
      view.serviceUrl === null ? null : Url.parse(view.serviceUrl),
    'IEnumerable<string> Protocols { get; }': ({ view }: Entity<ApiView>) =>
      netArray('System.String', [...view.protocols]),
    'ISubscriptionKeyParameterNames SubscriptionKeyParameterNames { get; }': ({ view }: Entity<ApiView>) =>
      new Entity('ISubscriptionKeyParameterNames', view.subscriptionKeyParameterNames),
  }),
  declareEntity('ISubscriptionKeyParameterNames', {
    'string Header { get; }': ({ view }: Entity<{ header: string }>) => view.header,
    'string Query { get; }': ({ view }: Entity<{ query: string }>) => view.query,
  }),
  declareEntity('IOperation', {
    'string Id { get; }': ({ view }: Entity<OperationView>) => view.id,
    'string Method { get; }': ({ view }: Entity<OperationView>) => view.method,
    'string Name { get; }': ({ view }: Entity<OperationView>) => view.name,
    'string UrlTemplate { get; }': ({ view }: Entity<OperationView>) => view.urlTemplate,
  }),
  declareType({ name: `${space}ProductState`, kind: 'enum', values: { NotPublished: 0, Published: 1 } }),
  declareEntity(
    'IProduct',
    {
      'string Id { get; }': ({ view }: Entity<ProductView>) => view.id,
      'string Name { get; }': ({ view }: Entity<ProductView>) => view.name,
      'ProductState State { get; }': ({ view }: Entity<ProductView>) => (view.state === 'Published' ? 1 : 0),
      'bool ApprovalRequired { get; }': ({ view }: Entity<ProductView>) => view.approvalRequired,
      'bool SubscriptionRequired { get; }': ({ view }: Entity<ProductView>) => view.subscriptionRequired,
      'int? SubscriptionsLimit { get; }': ({ view }: Entity<ProductView>) => view.subscriptionsLimit,
      'int? SubscriptionLimit { get; }': ({ view }: Entity<ProductView>) => view.subscriptionsLimit,
      'IEnumerable<IGroup> Groups { get; }': ({ view }: Entity<ProductView>) => entities('IGroup', view.groups),
    },
    { Apis: 'only the policy toolkit has it.' },
  ),
  declareEntity('IGroup', {
    'string Id { get; }': ({ view }: Named) => view.id,
    'string Name { get; }': ({ view }: Named) => view.name,
  }),
  declareEntity('IWorkspace', {
    'string Id { get; }': ({ view }: Named) => view.id,
    'string Name { get; }': ({ view }: Named) => view.name,
  }),
  declareEntity('ISubscription', {
    'string Id { get; }': ({ view }: Entity<SubscriptionView>) => view.id,
    'string Name { get; }': ({ view }: Entity<SubscriptionView>) => view.name,
    'string Key { get; }': ({ view }: Entity<SubscriptionView>) => view.key,
    'string PrimaryKey { get; }': ({ view }: Entity<SubscriptionView>) => view.primaryKey,
    'string SecondaryKey { get; }': ({ view }: Entity<SubscriptionView>) => view.secondaryKey,
    'DateTime CreatedDate { get; }': ({ view }: Entity<SubscriptionView>) => date(view.createdDate),
    'DateTime? StartDate { get; }': ({ view }: Entity<SubscriptionView>) => date(view.startDate),
    'DateTime? EndDate { get; }': ({ view }: Entity<SubscriptionView>) => date(view.endDate),
  }),
  declareEntity('IUser', {
    'string Id { get; }': ({ view }: Entity<UserView>) => view.id,
    'string Email { get; }': ({ view }: Entity<UserView>) => view.email,
    'string FirstName { get; }': ({ view }: Entity<UserView>) => view.firstName,
    'string LastName { get; }': ({ view }: Entity<UserView>) => view.lastName,
    'string Note { get; }': ({ view }: Entity<UserView>) => view.note,
    'DateTime RegistrationDate { get; }': ({ view }: Entity<UserView>) => date(view.registrationDate),
    'IEnumerable<IGroup> Groups { get; }': ({ view }: Entity<UserView>) => entities('IGroup', view.groups),
    'IEnumerable<IUserIdentity> Identities { get; }': ({ view }: Entity<UserView>) =>
      entities('IUserIdentity', view.identities),
  }),
  declareEntity('IUserIdentity', {
    'string Id { get; }': ({ view }: Entity<{ id: string }>) => view.id,
    'string Provider { get; }': ({ view }: Entity<{ provider: string }>) => view.provider,
  }),
  declareEntity(
    'IDeployment',
    {
      'string GatewayId { get; }': ({ view }: Entity<DeploymentView>) => view.gatewayId,
      'string Region { get; }': ({ view }: Entity<DeploymentView>) => view.region,
      'string ServiceId { get; }': ({ view }: Entity<DeploymentView>) => view.serviceId,
      'string ServiceName { get; }': ({ view }: Entity<DeploymentView>) => view.serviceName,
      'IGateway Gateway { get; }': ({ view }: Entity<DeploymentView>) => new Entity('IGateway', view),
      'IReadOnlyDictionary<string, X509Certificate2> Certificates { get; }': ({ view }: Entity<DeploymentView>) =>
        new CertificatesDictionary(view.certificates),
    },
    { SustainabilityInfo: 'carbon intensity is known only to Azure.' },
  ),
  declareEntity('IGateway', {
    'string Id { get; }': ({ view }: Entity<DeploymentView>) => view.gatewayId,
    'string InstanceId { get; }': ({ view }: Entity<DeploymentView>) => view.gatewayInstanceId,
    'bool IsManaged { get; }': ({ view }: Entity<DeploymentView>) => view.isManaged,
  }),
  declareType({ name: `${space}BackendType`, kind: 'enum', values: { Single: 0, Pool: 1 } }),
  declareEntity('IBackend', {
    'string Id { get; }': ({ view }: Entity<BackendView>) => view.id,
    'BackendType Type { get; }': ({ view }: Entity<BackendView>) => (view.type === 'Pool' ? 1 : 0),
    'string AzureRegion { get; }': ({ view }: Entity<BackendView>) => view.azureRegion,
  }),
  declareEntity('ILastError', {
    'string Source { get; }': ({ view }: Entity<LastErrorView>) => view.source,
    'string Reason { get; }': ({ view }: Entity<LastErrorView>) => view.reason,
    'string Message { get; }': ({ view }: Entity<LastErrorView>) => view.message,
    'string Scope { get; }': ({ view }: Entity<LastErrorView>) => view.scope,
    'string Section { get; }': ({ view }: Entity<LastErrorView>) => view.section,
    'string Path { get; }': ({ view }: Entity<LastErrorView>) => view.path,
    'string PolicyId { get; }': ({ view }: Entity<LastErrorView>) => view.policyId,
    'int HttpErrorCode { get; }': ({ view }: Entity<LastErrorView>) => view.httpErrorCode,
  }),
  declareEntity('IGraphQLDataContext', {
    'JToken Arguments { get; }': ({ view }: Entity<GraphQLView>) => parseJson(view.arguments),
    'JToken GraphQLArguments { get; }': ({ view }: Entity<GraphQLView>) => parseJson(view.arguments),
    'JToken Parent { get; }': ({ view }: Entity<GraphQLView>) => (view.parent === null ? null : parseJson(view.parent)),
  }),
];
