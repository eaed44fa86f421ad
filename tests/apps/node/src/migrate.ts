// Stands for a schema migration: the job's command must find it in the image.
console.log("migrated");
