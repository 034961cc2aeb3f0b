/** What `contrato explain` says about a code. */
export type Explanation = {
  readonly title: string
  readonly cause: string
  readonly fix: string
  /** Where it is laid down, as an address. */
  readonly source?: string
}

const openapi = 'https://spec.openapis.org/oas/v3.1.1.html'
const http = 'https://www.rfc-editor.org/rfc/rfc9110.html'

/** Every kind of finding there is. A code that is not in here does not compile. */
export const catalogue = {
  'document-not-found': {
    title: 'The document cannot be read',
    cause: 'No file is there, it is a folder, or this user may not read it.',
    fix: 'Check the path; a relative path starts at the current folder.',
  },
  'document-syntax': {
    title: 'The document is not YAML or JSON',
    cause:
      'A parser stopped at the position named: often a tab, a missing quote or an indentation that does not match.',
    fix: 'Mend the text at the position; the frame shows the line.',
  },
  'document-too-large': {
    title: 'The document is larger than contrato reads',
    cause: 'A file above 20 MiB, or one nested deeper than 100 levels.',
    fix: 'Split the document into files that reference one another.',
  },
  'document-unsupported': {
    title: 'The document is of a kind contrato does not read',
    cause: 'It has no `openapi` field, or names a version other than 3.0.x, 3.1.x and 3.2.x, or Swagger 2.0.',
    fix: "State `openapi: 3.1.0` (3.0.x, 3.2.x, or `swagger: '2.0'`) at the top of the document.",
    source: `${openapi}#openapi-object`,
  },
  'document-invalid': {
    title: 'The document cannot be understood',
    cause: 'A part that has to be an object or a list is something else, or a parameter has no name or place.',
    fix: 'Compare the place named with the OpenAPI specification of the version that the document states.',
    source: openapi,
  },
  'document-imperfect': {
    title: 'The document departs from the OpenAPI specification',
    cause:
      'A field is missing, misspelt, misplaced or of the wrong type. The rest is understood, so the document is used without it.',
    fix: 'Compare the place named with the OpenAPI specification of the version that the document states.',
    source: openapi,
  },
  'reference-missing': {
    title: 'A $ref leads nowhere',
    cause:
      'The file that it names does not exist, or has nothing at its pointer, or only references that lead back to it. Where only that is so, the document is used and any value allowed there.',
    fix: 'Correct the $ref, or add what it names.',
    source: `${openapi}#reference-object`,
  },
  'reference-refused': {
    title: 'A $ref leaves the folder of the document',
    cause:
      "References are read from files under the document's own folder only, and from the hosts of --allow-remote-refs.",
    fix: 'Copy the file beside the document, start from a document further up, or allow its host.',
    source: `${openapi}#reference-object`,
  },
  'target-unreachable': {
    title: 'The implementation cannot be reached',
    cause: 'Nobody listens at the address, its name is not known, or the connection was refused.',
    fix: 'Start the server, and give its address and port as --url.',
  },
  'status-undocumented': {
    title: 'The answer has a status that the operation does not document',
    cause: 'The implementation answers with a status the document does not promise for this operation.',
    fix: 'Answer with a documented status, or document this one.',
    source: `${openapi}#responses-object`,
  },
  'status-unexpected': {
    title: 'The answer has another status than the request calls for',
    cause: 'The request was of a kind (valid, invalid, without credentials) whose answer the document fixes.',
    fix: 'Answer with the status named in the finding.',
    source: `${openapi}#responses-object`,
  },
  'content-type-missing': {
    title: 'The answer has a body and no Content-Type',
    cause: 'A receiver cannot know how to read the body.',
    fix: 'Send the Content-Type that the document names for this status.',
    source: `${http}#section-8.3`,
  },
  'content-type-undocumented': {
    title: 'The answer has a media type that the document does not name',
    cause: 'Often an error page of a framework or a proxy in the place of the documented answer.',
    fix: 'Send a documented media type, or document this one.',
    source: `${openapi}#media-type-object`,
  },
  'body-unreadable': {
    title: 'The body is not what its Content-Type says',
    cause: 'The bytes are not JSON, or not UTF-8, though the media type says so.',
    fix: 'Send a body that a parser of that media type accepts.',
    source: `${http}#section-8.3`,
  },
  'body-mismatch': {
    title: 'The body does not match its schema',
    cause: 'A field is missing, has another type, or a value the schema does not allow.',
    fix: 'Send what the schema says, or change the schema.',
    source: `${openapi}#schema-object`,
  },
  'body-missing': {
    title: 'The answer has no body where the document promises one',
    cause: 'The status has a documented media type and the answer is empty.',
    fix: 'Send the documented body, or document the status without content.',
    source: `${openapi}#response-object`,
  },
  'header-missing': {
    title: 'The answer lacks a header that the document requires',
    cause: 'A response header is documented as required and was not sent.',
    fix: 'Send it, or document it as optional.',
    source: `${openapi}#header-object`,
  },
  'header-mismatch': {
    title: 'A header of the answer does not match its schema',
    cause: 'The value has another form than documented, or Date another one than HTTP has for it.',
    fix: 'Send what the schema says, or change the schema.',
    source: `${openapi}#header-object`,
  },
  'relation-broken': {
    title: 'The answer does not fit its request',
    cause: 'The document declares with x-contract that two places are equal or ordered, and they are not.',
    fix: 'Make both places agree; the finding names them and their values.',
    source: `${openapi}#runtime-expressions`,
  },
  'relation-suspect': {
    title: 'The answer does not seem to fit its request',
    cause:
      'Names and types suggest that two places are equal or ordered, and they are not. The document does not declare it with x-contract.',
    fix: 'Make both places agree, or declare with x-contract how they are related.',
    source: `${openapi}#runtime-expressions`,
  },
  'server-error': {
    title: 'The server failed',
    cause: 'It answered with a status of 500 or above to a request that it has to be able to answer.',
    fix: 'Look into the log of the server for this request; refuse what is wrong with a documented 4xx.',
    source: `${http}#section-15.6`,
  },
  'answer-missing': {
    title: 'The connection ended without an answer',
    cause: 'The server closed the connection, sent what is no HTTP, sent less than it announced, or took too long.',
    fix: 'Answer every request, with as many bytes as Content-Length says; --timeout says how long is waited.',
    source: 'https://www.rfc-editor.org/rfc/rfc9112.html#section-8',
  },
  'target-gone': {
    title: 'The target went away while it was being checked',
    cause:
      'It took connections at first and then none any more, or operation after operation left every request without an answer: it crashed, ran out of something, hangs, or was stopped. The rest of the run is left out.',
    fix: 'The finding names the last request that reached it: look into the log of the target for what that one did, and repeat it with its curl line.',
  },
  'target-elsewhere': {
    title: 'The target serves the document below another path',
    cause:
      'What the document describes is answered with 404 at the address that is checked, and otherwise below a path of its servers. The rest of the run is left out, because every request would come back the same.',
    fix: 'Give the address with that path, as --url http://127.0.0.1:3000/api/v1; or take the path from servers, where it is no part of the addresses.',
  },
  'framing-unsound': {
    title: 'The bytes of the answer are not put together as HTTP asks',
    cause:
      'Content-Length is not the number of bytes, stands there twice or beside Transfer-Encoding, a body came where none may be, or Content-Encoding names a coding that it is not in. Programs on the way then see another answer, or take its rest for the next one.',
    fix: 'Leave lengths and chunks to the HTTP library; send no body with HEAD, 204 and 304 (RFC 9112, section 6).',
    source: 'https://www.rfc-editor.org/rfc/rfc9112.html#section-6',
  },
  'allow-missing': {
    title: 'A 405 does not say which methods there are',
    cause:
      'RFC 9110 asks for the field Allow in each answer with the status 405; it names what the path takes, which is not the method that was refused.',
    fix: 'Send Allow with the methods of the path.',
    source: `${http}#section-15.5.6`,
  },
  'body-ambiguous': {
    title: 'Parsers read the body differently',
    cause: 'An object has a name twice, or the JSON begins with a byte order mark.',
    fix: 'Write the body with a JSON library, without a byte order mark.',
    source: 'https://www.rfc-editor.org/rfc/rfc8259.html#section-4',
  },
  'internals-leaked': {
    title: 'An answer shows the inside of the server, or a secret',
    cause:
      'A stack trace, a path, an error of the database, the hash of a password or the credential of the request stands in the answer, where it helps an attacker.',
    fix: 'Log it, and answer only what the document promises.',
    source: 'https://owasp.org/www-community/Improper_Error_Handling',
  },
  'other-request-leaked': {
    title: 'A refusal tells of other requests',
    cause: 'A text that only other requests had stands in it, or it grows each time, as where all add to one list.',
    fix: 'Keep what belongs to one request in that request, not in something that all share.',
  },
  'state-lost': {
    title: 'What was stored is not what comes back',
    cause: 'A thing that was created or changed is missing, incomplete, doubled or different when it is read.',
    fix: 'Repeat the requests of the case one after the other and compare what is stored.',
  },
  'state-leaked': {
    title: 'A thing is found where it must not be',
    cause: 'It is read or listed below another parent than the one it was created under, or after it was removed.',
    fix: 'Look things up by all the parameters of the path.',
  },
  'link-broken': {
    title: 'A link of an answer leads nowhere',
    cause: 'The document says with `links` what to ask next with the values of an answer, and that was refused.',
    fix: 'Answer where the link leads, or correct its parameters in the document.',
  },
  'success-unreached': {
    title: 'No valid request succeeded',
    cause:
      'Every request that the document calls valid was refused: wrong credentials, a wrong base URL or a broken operation.',
    fix: 'Give credentials with --bearer-env and existing ids with --param, then look at the answers that came.',
    source: `${openapi}#responses-object`,
  },
  'value-repeated': {
    title: 'A value that is to be unique came twice',
    cause: 'The document declares the place as unique with x-contract and two answers carry the same value.',
    fix: 'Give each created thing an id of its own.',
  },
  'sabotage-unnoticed': {
    title: 'The check does not notice when a clause is broken',
    cause: 'The mock was made to break the clause on purpose, and no case of the check showed it.',
    fix: 'Give the clause an example that its edge shows in; what is checked without one is listed in the README.',
  },
  'example-invalid': {
    title: 'An example does not match its schema',
    cause: 'The schema changed and the example did not, or it was never checked.',
    fix: 'Correct the example or the schema; readers and the mock trust examples.',
    source: `${openapi}#example-object`,
  },
  'default-invalid': {
    title: 'A default does not match its own schema',
    cause: 'Typically a string where a boolean or number is declared.',
    fix: 'State a default of the declared type.',
    source: `${openapi}#schema-object`,
  },
  'enum-invalid': {
    title: 'An enum value does not match its own schema',
    cause: 'The value is of another type than the schema declares, so nothing can ever equal it.',
    fix: 'Correct the value or the type; a null needs the type "null" beside the other.',
    source: `${openapi}#schema-object`,
  },
  'schema-unusable': {
    title: 'A schema cannot be compiled',
    cause:
      'A keyword has a value that JSON Schema does not define, for example a pattern that is no regular expression.',
    fix: 'Correct the keyword at the position named.',
    source: `${openapi}#schema-object`,
  },
  'schema-unsatisfiable': {
    title: 'No value matches a schema',
    cause:
      'It requires itself without an end, or what stands together in it (allOf, const, enum, bounds) contradicts itself.',
    fix: 'Correct the schema at the position named: make a member optional, or the parts agree.',
    source: `${openapi}#schema-object`,
  },
  'extension-invalid': {
    title: 'An x-contract extension is misspelt',
    cause:
      'An unknown key, an expression that is no runtime expression, or a name that is no operation of the document.',
    fix: 'Compare with the x-contract section of the README.',
  },
  'operation-id-missing': {
    title: 'An operation has no operationId',
    cause: 'Reports, types and clients then have to invent a name that changes with the path.',
    fix: 'Give the operation a unique operationId.',
    source: `${openapi}#operation-object`,
  },
  'success-missing': {
    title: 'An operation documents no successful response',
    cause: 'No 2xx status is listed, so neither a mock nor a check knows what success looks like.',
    fix: 'Document the 2xx (or 3xx) response.',
    source: `${openapi}#responses-object`,
  },
  'client-error-missing': {
    title: 'An operation documents no 4xx response',
    cause: 'A bad request then has an answer that nobody promised.',
    fix: 'Document at least one 4xx response, or the range 4XX, or default.',
    source: `${openapi}#responses-object`,
  },
  'operation-unreachable': {
    title: 'No request leads to an operation',
    cause:
      'Another operation has the same method and path, what tells them apart is never sent, or no server takes the method.',
    fix: 'Put both into one operation, or give each a method and path of its own.',
    source: `${openapi}#paths-object`,
  },
  'refusal-missing': {
    title: 'An operation takes credentials and documents no 401 or 403',
    cause: "What it answers to a request without credentials is then nobody's promise.",
    fix: 'Document the response 401, or 403, or the range 4XX, or default.',
    source: `${openapi}#security-requirement-object`,
  },
  'security-missing': {
    title: 'An operation says nothing about security',
    cause: 'Neither the operation nor the document states which credentials it takes.',
    fix: 'State `security`, or `security: []` for an operation that is open to everybody.',
    source: `${openapi}#security-requirement-object`,
  },
  ruleset: {
    title: 'The document breaks a rule of its ruleset',
    cause: 'The rule named in the finding is switched on in the lint configuration.',
    fix: 'Follow the message, or configure the rule in lint.yaml.',
  },
  'event-invalid': {
    title: 'An event is not what the document says',
    cause: 'Its payload, its media type or one of its header fields is not what the callback or webhook describes.',
    fix: 'Send what the document says, or correct the document.',
    source: `${openapi}#callback-object`,
  },
  'event-unknown': {
    title: 'An event arrived that the document does not describe',
    cause: 'No callback and no webhook of the document has its name, and none fits its payload.',
    fix: 'Describe it under `callbacks` or `webhooks`, or ask the sender what it is.',
    source: `${openapi}#callback-object`,
  },
  'event-unsigned': {
    title: 'The signature of an event is missing or wrong',
    cause: 'The header fields of the delivery profile are not there, were made with another secret, or are too old.',
    fix: 'Compare the secrets and the clocks of both sides; --secret and --delivery say what is expected.',
  },
  'receiver-unsound': {
    title: 'A receiver of events does not cope with what may come',
    cause: 'It refused, failed on or accepted an event that it should not have; the finding names the question.',
    fix: 'Follow the advice in the finding, then repeat `contrato drill`.',
  },
  'types-stale': {
    title: 'The generated types are not those of the document',
    cause: 'The document changed after the types were written, or the file was edited by hand.',
    fix: 'Run `contrato types` and commit the file.',
  },
} as const satisfies Record<string, Explanation>

/** What may be said of a finding besides its code. */
export const marks = {
  flaky: {
    title: 'The breach comes and goes',
    cause:
      'The same request was made again, once or twice, and answered as the document promises. Often one of several instances is wrong, or requests disturb one another.',
    fix: 'Repeat the request in a loop and at the same time as others; look for state that requests share.',
  },
} as const satisfies Record<string, Explanation>

/** The code of a finding. */
export type FindingCode = keyof typeof catalogue
