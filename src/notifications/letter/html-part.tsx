import { OrderTable } from "../../orders/index.ts";
import type { Action, Letter } from "./letter.ts";
import { look, SHEET, TABLE } from "./look.ts";

/** A letter as a whole HTML document, which needs no image and nothing from elsewhere. */
export function htmlPart(letter: Letter, shopName: string): string {
  // No component of the mails is asynchronous, so this is text and never a promise.
  return `<!doctype html>${(<Frame letter={letter} shopName={shopName} />).toString()}`;
}

/** The columns are tables, because some mail programs know no other boxes. */
function Frame({ letter, shopName }: { letter: Letter; shopName: string }) {
  const heading = letter.heading ?? letter.subject;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{heading}</title>
        <style>{SHEET}</style>
      </head>
      <body {...look.body}>
        <table role="presentation" {...look.page}>
          <tbody>
            <tr>
              <td align="center" {...look.margin}>
                <table role="presentation" {...look.card}>
                  <tbody>
                    <tr>
                      <td {...look.inside}>
                        <p {...look.shop}>{shopName}</p>
                        <h1 {...look.heading}>{heading}</h1>
                        <Content {...letter} />
                      </td>
                    </tr>
                  </tbody>
                </table>
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </html>
  );
}

function Content(letter: Letter) {
  const { paragraphs = [], list = [], order, sums = [], action, also, small = [] } = letter;
  return (
    <>
      {linesOf(paragraphs).map((line) => (
        <p {...look.paragraph}>{line}</p>
      ))}
      {list.length === 0 ? null : <List items={list} />}
      {order && <OrderTable order={order} look={TABLE} after={sums} />}
      {action && <Button {...action} />}
      {also && <Link {...also} />}
      {small.map((text) => (
        <Small lines={linesOf([text])} />
      ))}
    </>
  );
}

/** Text keeps lines together; here each stands by itself. */
function linesOf(paragraphs: readonly string[]): string[] {
  return paragraphs.flatMap((text) => text.split("\n")).filter((line) => line !== "");
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul {...look.list}>
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  );
}

function Button({ url, label }: Action) {
  return (
    <p {...look.action}>
      <a href={url} {...look.button}>
        {label}
      </a>
    </p>
  );
}

function Link({ url, label }: Action) {
  return (
    <p {...look.also}>
      <a href={url} {...look.link}>
        {label}
      </a>
    </p>
  );
}

function Small({ lines }: { lines: readonly string[] }) {
  return (
    <p {...look.small}>
      {lines.map((line, i) => (
        <>
          {i === 0 ? null : <br />}
          {line}
        </>
      ))}
    </p>
  );
}
