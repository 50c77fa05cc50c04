/// What a stranger ships in a jar: a backbone, an objective and a source of batches. It knows nothing of the other probes.
package probes.jar;
