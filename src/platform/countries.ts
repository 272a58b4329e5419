import * as z from "zod";

/** ISO 3166-1 alpha-2, and XK for Kosovo, as Stripe and carriers name it. */
const CODES =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

const codes = CODES.split(" ");
const known: ReadonlySet<string> = new Set(codes);

export interface Country {
  readonly code: string;
  readonly name: string;
}

/** What no request needs is not made at the start: names and their order take longer than the rest of it. */
let names: Intl.DisplayNames | undefined;
let countries: readonly Country[] | undefined;

function nameOf(code: string): string {
  names ??= new Intl.DisplayNames("en", { type: "region" });
  return names.of(code) ?? code;
}

/** All that exist, in the order of their English names. */
function allCountries(): readonly Country[] {
  countries ??= codes
    .map((code) => ({ code, name: nameOf(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
  return countries;
}

/** Those that the shop delivers to: these, or all where it names none. */
export function deliveredTo(only: readonly string[]): readonly Country[] {
  const all = allCountries();
  return only.length === 0 ? all : all.filter(({ code }) => only.includes(code));
}

/** Whether there is such a country; `UK` and `XX` there are not. */
export function isCountry(code: string): boolean {
  return known.has(code);
}

/** A country's code as somebody sends it. */
export const countrySchema = z
  .enum(codes, "Must be an ISO 3166 country code such as DE.")
  .meta({ description: "ISO 3166-1 alpha-2", example: "DE" });

/** In English; what names no country stays as it is. */
export function countryName(code: string): string {
  return isCountry(code) ? nameOf(code) : code;
}
