import { type HeadersView, PlainDate, plainValue, type UrlView } from '@lazuli/expressions';
import type { Exchange } from '../exchange.ts';
import { parseQuery, queryValue } from '../http/query-string.ts';
import { findByName, lookup } from './lookup.ts';

/** `context` as templates see it: the same names as in expressions, data only. */
export function templateContext(exchange: Exchange): object {
  const { context } = exchange;
  return members({
    RequestId: () => context.requestId,
    Timestamp: () => PlainDate.fromMilliseconds(context.timestamp),
    Elapsed: () => context.elapsed() / 1000,
    Tracing: () => context.tracing,
    Request: () => {
      const { request } = context;
      return members({
        Method: () => request.method,
        OriginalMethod: () => request.method,
        Url: () => urlMembers(request.url),
        OriginalUrl: () => urlMembers(request.originalUrl),
        IpAddress: () => request.ipAddress,
        HasBody: () => request.body !== null,
        Headers: () => headerValues(request.headers),
        MatchedParameters: () => mapValues(request.matchedParameters),
      });
    },
    Response: () => {
      const { response } = context;
      if (!response) return null;
      return members({
        StatusCode: () => response.statusCode,
        StatusReason: () => response.statusReason,
        Headers: () => headerValues(response.headers),
      });
    },
    Url: () => urlMembers(context.request.url),
    OriginalUrl: () => urlMembers(context.request.originalUrl),
    Variables: () =>
      lookup({
        find: (name) => {
          const value = context.variables.get(name);
          return value === undefined ? undefined : plainValue(value);
        },
        names: () => [...context.variables.keys()],
        text: () => '',
      }),
    Api: () => {
      const { id, name, path, revision, version, isCurrentRevision, serviceUrl } = context.api;
      return values({
        Id: id,
        Name: name,
        Path: path,
        Revision: revision,
        Version: version,
        IsCurrentRevision: isCurrentRevision,
        ServiceUrl: serviceUrl,
      });
    },
    Operation: () => {
      const { id, method, name, urlTemplate } = context.operation;
      return values({ Id: id, Method: method, Name: name, UrlTemplate: urlTemplate });
    },
    Product: () => {
      const { product } = context;
      if (!product) return null;
      const { id, name, state, approvalRequired, subscriptionRequired, subscriptionsLimit } = product;
      return values({
        Id: id,
        Name: name,
        State: state,
        ApprovalRequired: approvalRequired,
        SubscriptionRequired: subscriptionRequired,
        SubscriptionsLimit: subscriptionsLimit,
        Groups: groupValues(product.groups),
      });
    },
    Subscription: () => {
      const { subscription } = context;
      if (!subscription) return null;
      const { id, name, key, primaryKey, secondaryKey, createdDate, startDate, endDate } = subscription;
      return values({
        Id: id,
        Name: name,
        Key: key,
        PrimaryKey: primaryKey,
        SecondaryKey: secondaryKey,
        CreatedDate: PlainDate.fromMilliseconds(createdDate),
        StartDate: startDate === null ? null : PlainDate.fromMilliseconds(startDate),
        EndDate: endDate === null ? null : PlainDate.fromMilliseconds(endDate),
      });
    },
    User: () => {
      const { user } = context;
      if (!user) return null;
      const { id, email, firstName, lastName, note, registrationDate } = user;
      return values({
        Id: id,
        Email: email,
        FirstName: firstName,
        LastName: lastName,
        Note: note,
        RegistrationDate: PlainDate.fromMilliseconds(registrationDate),
        Groups: groupValues(user.groups),
        Identities: user.identities.map((one) => values({ Id: one.id, Provider: one.provider })),
      });
    },
    Deployment: () => {
      const { region, serviceId, serviceName, gatewayId } = context.deployment;
      return values({ Region: region, ServiceId: serviceId, ServiceName: serviceName, GatewayId: gatewayId });
    },
    LastError: () => {
      const { lastError } = context;
      if (!lastError) return null;
      const { source, reason, message, scope, section, path, policyId } = lastError;
      return values({
        Source: source,
        Reason: reason,
        Message: message,
        Scope: scope,
        Section: section,
        Path: path,
        PolicyId: policyId,
      });
    },
  });
}

/** Read when the template asks for them. */
function members(readers: Readonly<Record<string, () => unknown>>, text: () => string = () => ''): object {
  const byName = new Map(Object.entries(readers));
  return lookup({ find: (name) => findByName(byName, name)?.(), names: () => [...byName.keys()], text });
}

function values(own: Readonly<Record<string, unknown>>): object {
  return mapValues(new Map(Object.entries(own)));
}

function mapValues(map: ReadonlyMap<string, unknown>): object {
  return lookup({ find: (name) => findByName(map, name), names: () => [...map.keys()], text: () => '' });
}

const groupValues = (groups: readonly { readonly id: string; readonly name: string }[]): object[] =>
  groups.map(({ id, name }) => values({ Id: id, Name: name }));

/** One value as a text, several as an array. */
function headerValues(headers: HeadersView): object {
  return lookup({
    find: (name) => {
      const all = headers.getAll(name);
      return all?.length === 1 ? all[0] : all;
    },
    names: () => [...headers.entries()].map(([name]) => name),
    text: () => '',
  });
}

function urlMembers(url: UrlView): object {
  const { scheme, host, port, path, queryString } = url;
  const isStandard = port === (scheme === 'https' ? 443 : 80);
  const text = () => `${scheme}://${host}${isStandard ? '' : `:${port}`}${path}${queryString}`;
  return members(
    {
      Scheme: () => scheme,
      Host: () => host,
      Port: () => port,
      Path: () => path,
      QueryString: () => queryString,
      Query: () => {
        const query = new Map<string, string[]>();
        for (const pair of parseQuery(queryString.replace(/^\?/, '')))
          query.set(pair.name, [...(query.get(pair.name) ?? []), queryValue(pair)]);
        return mapValues(new Map([...query].map(([name, all]) => [name, all.length === 1 ? all[0] : all])));
      },
      ToUri: text,
      ToString: text,
    },
    text,
  );
}
