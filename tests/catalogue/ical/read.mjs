// What Thunderbird's reader makes of a calendar on standard input; strict: anything malformed is an error.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;
const root = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const events = root.getAllSubcomponents("vevent").map((part) => {
  const event = new ICAL.Event(part);
  return {
    uid: event.uid, summary: event.summary, location: event.location, sequence: event.sequence,
    start: event.startDate.toJSDate().toISOString(), end: event.endDate.toJSDate().toISOString(),
    whole: event.startDate.isDate, status: part.getFirstPropertyValue("status"),
  };
});
process.stdout.write(JSON.stringify({ method: root.getFirstPropertyValue("method"), events }));
