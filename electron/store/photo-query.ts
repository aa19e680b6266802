export type Company = 'any' | 'alone' | 'together';

/** Which photos are looked for. */
export interface PhotoQueryRow {
  readonly all: readonly number[];
  readonly any: readonly number[];
  readonly none: readonly number[];
  readonly company: Company;
  readonly fromYear: number | null;
  readonly toYear: number | null;
  readonly folderId: number | null;
}

/**
 * The condition on `photo` for a query, with the company to count. Only whole numbers get into the
 * text: there are as many conditions as there are people, so they cannot all be parameters of one
 * prepared statement.
 */
export function photoQuerySql(query: PhotoQueryRow, company: Company): string {
  const { all, any, none, fromYear, toYear, folderId } = query;
  const conditions = [
    'photo.away = 0',
    ...all.map((personId) => shows(personId)),
    ...(any.length > 0 ? [`(${any.map(shows).join(' OR ')})`] : []),
    ...none.map((personId) => `NOT ${shows(personId)}`),
    ...(fromYear === null ? [] : [`photo.taken_at >= '${whole(fromYear)}'`]),
    ...(toYear === null ? [] : [`photo.taken_at < '${whole(toYear) + 1}'`]),
    ...(folderId === null
      ? []
      : [
          `EXISTS (SELECT 1 FROM file WHERE file.photo_id = photo.photo_id
             AND file.folder_id = ${whole(folderId)})`,
        ]),
    ...(company === 'any' ? [] : [inCompany([...all, ...any], company)]),
  ];
  return conditions.join(' AND ');
}

function shows(personId: number): string {
  return `photo.photo_id IN (SELECT photo_id FROM person_photo
    WHERE person_id = ${whole(personId)})`;
}

/** Counts the faces that nobody set aside: those of others, or all where no people are asked for. */
function inCompany(people: readonly number[], company: 'alone' | 'together'): string {
  const others =
    people.length === 0
      ? ''
      : `AND coalesce(s.person_id, 0) NOT IN (${people.map(whole).join(', ')})`;
  const count = `(SELECT count(*) FROM face_state s WHERE s.photo_id = photo.photo_id
    AND s.state NOT IN ('ignored', 'not-a-face') ${others})`;
  const alone = people.length === 0 ? 1 : 0;
  return company === 'alone' ? `${count} = ${alone}` : `${count} > ${alone}`;
}

function whole(number: number): number {
  if (!Number.isSafeInteger(number)) throw new RangeError(`${number} is no whole number`);
  return number;
}
