import type { ContextHost } from '../../context-host.ts';
import { DateTime } from '../../runtime/datetime.ts';
import { Guid } from '../../runtime/guid.ts';
import { toStringOf } from '../../runtime/object.ts';
import { TimeSpan } from '../../runtime/timespan.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { MapDictionary } from './dictionaries.ts';
import { Entity, entity } from './entities.ts';
import { Request, Response } from './message.ts';

/** The type of `context`: the host as the gateway gives it. */
export const contextType: TypeDeclaration = declareType({
  name: 'Microsoft.Azure.ApiManagement.IProxyRequestContext',
  kind: 'interface',
  test: (value) => typeof value === 'object' && value !== null && 'requestId' in value && 'deployment' in value,
  members: {
    'IApi Api { get; }': (self: ContextHost) => new Entity('IApi', self.api),
    'IBackend Backend { get; }': (self: ContextHost) => entity('IBackend', self.backend),
    'IDeployment Deployment { get; }': (self: ContextHost) => new Entity('IDeployment', self.deployment),
    'TimeSpan Elapsed { get; }': (self: ContextHost) => new TimeSpan(BigInt(Math.round(self.elapsed() * 10_000))),
    'IGraphQLDataContext GraphQL { get; }': (self: ContextHost) => entity('IGraphQLDataContext', self.graphQL ?? null),
    'ILastError LastError { get; }': (self: ContextHost) => entity('ILastError', self.lastError),
    'IOperation Operation { get; }': (self: ContextHost) => new Entity('IOperation', self.operation),
    'IProduct Product { get; }': (self: ContextHost) => entity('IProduct', self.product),
    'IRequest Request { get; }': (self: ContextHost) => new Request(self.request),
    'Guid RequestId { get; }': (self: ContextHost) => Guid.parse(self.requestId),
    'IResponse Response { get; }': (self: ContextHost) => self.response && new Response(self.response),
    'ISubscription Subscription { get; }': (self: ContextHost) => entity('ISubscription', self.subscription),
    'DateTime Timestamp { get; }': (self: ContextHost) => DateTime.fromUnixMilliseconds(self.timestamp),
    'bool Tracing { get; }': (self: ContextHost) => self.tracing,
    'IUser User { get; }': (self: ContextHost) => entity('IUser', self.user),
    'IReadOnlyDictionary<string, object> Variables { get; }': (self: ContextHost) =>
      new MapDictionary('System.Object', self.variables),
    'IWorkspace Workspace { get; }': (self: ContextHost) => entity('IWorkspace', self.workspace),
    'void Trace(string message)': (self: ContextHost, message: string | null) => self.trace(message ?? ''),
    'void Trace(string source, object data)': (self: ContextHost, source: string | null, data: Uniform) =>
      self.trace(`${source ?? ''}: ${toStringOf(data)}`),
  },
});
