import { ProtoProblem, readProto } from './grpc/read-proto.ts';
import { failed, type Imported, type ImportRequest, type ImportTarget, parsingError } from './import-api.ts';
import { putOperation, putSchema } from './imported-resources.ts';
import { operationNames } from './operation-names.ts';

export const protoContentType = 'text/protobuf';

/** A protobuf file: an operation `POST /package.Service/Method` for every rpc; the file is the schema. */
export async function importGrpc(text: string, _: ImportRequest, target: ImportTarget): Promise<Imported> {
  try {
    const services = readProto(text);
    const name = operationNames();
    const contentType = 'application/grpc';
    const operations = services.flatMap((service) =>
      service.methods.flatMap((method) =>
        putOperation(target.id, {
          name: name(`${service.name}-${method.name}`),
          displayName: method.name,
          method: 'POST',
          urlTemplate: `/${service.name}/${method.name}`,
          description: `rpc ${method.name}(${method.request}) returns (${method.response})`,
          requestRepresentations: [{ contentType }],
          responses: [{ statusCode: 200, headers: [], representations: [{ contentType }] }],
        }),
      ),
    );
    return {
      properties: { displayName: services[0]?.name ?? '', type: 'grpc' },
      operations: [putSchema(target.id, 'grpc', protoContentType, { value: text }), ...operations],
      problems: [],
    };
  } catch (error) {
    if (error instanceof ProtoProblem) return failed('properties.value', parsingError(error.message));
    throw error;
  }
}
