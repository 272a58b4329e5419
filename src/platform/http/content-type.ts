const PARAMETER = /^\s*([!#$%&'*+.^_`|~\w-]+)=("(?:[^"\\]|\\.)*"|[!#$%&'*+.^_`|~\w-]+)\s*$/;
const UTF_8 = ["utf-8", "utf8"];

/**
 * Whether a `Content-Type` says JSON in UTF-8, the one encoding that JSON has between systems: in any case, with blanks
 * around its parameters. https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1, https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export function saysJson(header: string): boolean {
  const [type = "", ...parameters] = header.split(";");
  if (type.trim().toLowerCase() !== "application/json") return false;
  return parameters.every((parameter) => parameter.trim() === "" || isFine(parameter));
}

function isFine(parameter: string): boolean {
  const [, name, value] = PARAMETER.exec(parameter) ?? [];
  if (name === undefined || value === undefined) return false;
  return (
    name.toLowerCase() !== "charset" || UTF_8.includes(value.replaceAll('"', "").toLowerCase())
  );
}
