import { compileDimensions, dimensionElement, validateDimensions } from '../metrics/dimensions.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Sends a value to the metrics, with dimensions. */
export const emitMetric: PolicyDefinition = {
  name: 'emit-metric',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      name: { type: 'string', required: true, expression: true, nonEmpty: true },
      namespace: { type: 'string', default: 'API Management', expression: true },
      value: { type: 'double', default: '1', expression: true },
      'default-dimensions': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
    },
    children: { kind: 'sequence', items: [dimensionElement] },
  },
  validate: validateDimensions,
  compile(element, compiler) {
    const name = compiler.string(element, 'name');
    const namespace = compiler.string(element, 'namespace');
    const value = compiler.double(element, 'value');
    const withDefaults = compiler.boolean(element, 'default-dimensions').constant === true;
    const dimensions = compileDimensions(element, compiler);
    return (exchange) => {
      const { region, serviceId, serviceName } = exchange.gateway;
      const defaults = [
        ['Region', region],
        ['Service ID', serviceId],
        ['Service Name', serviceName],
      ] as const;
      exchange.ports.metrics.emit({
        namespace: namespace.get(exchange) ?? '',
        name: name.get(exchange) ?? '',
        value: value.get(exchange),
        dimensions: [...(withDefaults ? defaults : []), ...dimensions(exchange)()],
      });
      return undefined;
    };
  },
  notes:
    'More than five dimensions with a value are a warning. default-dimensions adds Region, Service ID and Service Name. Backend ID is empty before there is a backend.',
};
