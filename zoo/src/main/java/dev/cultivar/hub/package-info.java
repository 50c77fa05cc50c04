/// Models of a hub, fetched over HTTPS into the cache that the Python libraries use too.
///
/// [HubName][dev.cultivar.hub.HubName] is what a user writes, `hf:org/name@revision`;
/// [HubSettings][dev.cultivar.hub.HubSettings] is what the environment says. [Hub][dev.cultivar.hub.Hub] looks into `HubCache`
/// first; else it asks which commit the revision stands for, has `HubFiles` choose what is needed of it (never a pickle) and
/// fetches each `HubFile`: resumed, checked against size and hash, locked. `HubRequests` speaks HTTP, keeps the token to the hub's
/// own address and words refusals; `Retries` tries again what may come right; `Silence` ends a transfer that has died.
@NullMarked
package dev.cultivar.hub;

import org.jspecify.annotations.NullMarked;
