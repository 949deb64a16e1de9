import type { Task } from "graphile-worker";
import { z } from "zod";
import { deliverMail } from "#lib/notifications/deliver-mail";

const payload = z.strictObject({ mail_id: z.string() });

/** Sends a mail of the outbox; tried again by the queue when the server does not take it. */
export const deliverMailJob: Task = (input) => deliverMail(payload.parse(input).mail_id, new Date());
